"""How an unknown word is probably said, letter by letter, after what the lexicon's words taught.

In: a word. Out: ARPABET phones. Method: a context tree of growing windows around each letter, keeping only the
windows whose answer differs from a shorter one's (IGTree: Daelemans and van den Bosch, "Language-independent
data-oriented grapheme-to-phoneme conversion", 1997). The windows were learned from the lexicon in pocketsphinx's
wheel (CMUdict, BSD licence); `python -m vesper.engines.stt_pocketsphinx.letters` learns them anew and says how
often it is right on words kept apart.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from vesper.base.edits import edits
from vesper.base.paths import bundled

MODEL = "resources/lexicon/letters.en.json.gz"

# The window grows in this order of offsets from the letter: what follows tells more than what precedes.
_ORDER = (1, -1, 2, -2, 3, -3)
_EDGE = "#"
_SEEN_AT_LEAST = 2
_ROUNDS = 5
_LETTERS = re.compile(r"[a-z]+")

Windows = Mapping[str, str]
# One letter and what it stands for: none, one or two phones.
_Aligned = list[tuple[str, str]]


class LetterSounds:
    """Says words by the learned windows; they are read when the first word is asked for."""

    def __init__(self, windows: Windows | None = None) -> None:
        self._windows = windows

    def phones(self, word: str) -> str:
        """The phones of a word, "" when it has no letters."""
        if self._windows is None:
            self._windows = json.loads(gzip.decompress(bundled(MODEL).read_bytes()))
        letters = "".join(_LETTERS.findall(word.lower()))
        said = (_answer(self._windows, letters, place) for place in range(len(letters)))
        return " ".join(sound for sound in said if sound)


def _answer(windows: Windows, letters: str, place: int) -> str:
    answer = ""
    for window in _growing(letters, place):
        answer = windows.get(window, answer)
    return answer


def _growing(letters: str, place: int) -> Iterator[str]:
    """The letter, then the letter with ever more of its neighbours."""
    window = letters[place]
    yield window
    for offset in _ORDER:
        beside = place + offset
        window += letters[beside] if 0 <= beside < len(letters) else _EDGE
        yield window


def learn(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Windows from pairs of a word and its phones."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for aligned in _align(list(words)):
        letters = "".join(letter for letter, _ in aligned)
        for place, (_, sound) in enumerate(aligned):
            for window in _growing(letters, place):
                counts[window][sound] += 1
    return dict(_telling(counts))


def _telling(counts: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    """The windows that change the answer of the longest window kept inside them."""
    kept: dict[str, str] = {}
    for window in sorted(counts, key=len):
        (sound, times), *_ = counts[window].most_common(1)
        inside = next((kept[window[:size]] for size in range(len(window) - 1, 0, -1) if window[:size] in kept), None)
        if sound != inside and (len(window) == 1 or times >= _SEEN_AT_LEAST):
            kept[window] = sound
            yield window, sound


def _align(words: Sequence[tuple[str, str]]) -> Iterator[_Aligned]:
    """Which letter stands for which phones: the likeliest alignment, reckoned again and again (hard EM)."""
    costs: dict[tuple[str, str], float] = {}
    aligned: list[_Aligned] = []
    for _ in range(_ROUNDS):
        aligned = [found for word, phones in words if (found := _best_alignment(word, phones.split(), costs))]
        pairs = Counter(pair for word in aligned for pair in word)
        letters = Counter(letter for word in aligned for letter, _ in word)
        costs = {pair: -math.log(times / letters[pair[0]]) for pair, times in pairs.items()}
    yield from aligned


def _best_alignment(word: str, phones: Sequence[str], costs: Mapping[tuple[str, str], float]) -> _Aligned | None:
    """Every letter gets none, one or two phones in order, as cheaply as possible (Viterbi)."""
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for letter in word:
        reached: dict[int, tuple[float, int]] = {}
        for used, (cost, _) in best[-1].items():
            for taken in range(min(3, len(phones) - used + 1)):
                sound = " ".join(phones[used : used + taken])
                total = cost + costs.get((letter, sound), _unseen(taken))
                if used + taken not in reached or total < reached[used + taken][0]:
                    reached[used + taken] = (total, used)
        best.append(reached)
    return _traced(word, phones, best) if len(phones) in best[-1] else None


def _unseen(taken: int) -> float:
    """What a pair costs that was never seen: one phone for one letter is the rule."""
    return (4.0, 2.0, 8.0)[taken]


def _traced(word: str, phones: Sequence[str], best: Sequence[Mapping[int, tuple[float, int]]]) -> _Aligned:
    pairs: _Aligned = []
    used = len(phones)
    for place in range(len(word), 0, -1):
        before = best[place][used][1]
        pairs.append((word[place - 1], " ".join(phones[before:used])))
        used = before
    return pairs[::-1]


def lexicon_words(lexicon: Path) -> list[tuple[str, str]]:
    """The plain words of a lexicon in CMUdict's form, each with its first pronunciation."""
    with lexicon.open(encoding="utf-8") as lines:
        entries = [line.strip().partition(" ") for line in lines]
    return [(word, phones) for word, _, phones in entries if _LETTERS.fullmatch(word)]


def phone_errors(windows: Windows, words: Iterable[tuple[str, str]]) -> float:
    """The phone error rate over words: edits needed, as a share of the phones there should be."""
    sounds = LetterSounds(windows)
    wrong = total = 0
    for word, phones in words:
        wrong += edits(sounds.phones(word).split(), phones.split())
        total += len(phones.split())
    return wrong / max(total, 1)


def write_model(lexicon: Path, target: Path, *, kept_apart: int = 20) -> float:
    """Learn from a lexicon and write the windows; every `kept_apart`th word only tests. Returns its phone errors."""
    words = lexicon_words(lexicon)
    windows = learn(pair for number, pair in enumerate(words) if number % kept_apart)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(json.dumps(windows, sort_keys=True).encode(), mtime=0))
    return phone_errors(windows, words[::kept_apart])


if __name__ == "__main__":
    from vesper.engines.stt_pocketsphinx.decoder import LEXICON, model_folder

    errors = write_model(model_folder() / LEXICON, bundled(MODEL))
    sys.stderr.write(f"phone errors on words kept apart: {errors:.1%}\n")
