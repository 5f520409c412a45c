"""How words sound: the lexicon in pocketsphinx's wheel, and a guess for every word it lacks.

In: words. Out: pronunciations as ARPABET phones, each with where it came from. The lexicon (134,000 lines) is read
as a stream and never kept. A word it lacks is put together from words it has ("timezone", "unmute", "oslo's"),
else said letter by letter; silence is no answer, because the decoder would refuse the whole sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vesper.engines.stt_pocketsphinx.letters import LetterSounds

Origin = Literal["set", "lexicon", "derived", "guessed"]

# Words of the built-in wake phrases, short forms that stand alone, and words whose usual sound the lexicon lacks.
_SET: Mapping[str, tuple[str, ...]] = {
    "nabu": ("N AA B UW", "N AE B UW", "N AH B UW"),
    "mycroft": ("M AY K R AO F T", "M AY K R AA F T"),
    "am": ("AE M", "EY EH M"),
    "pm": ("P IY EH M",),
    "'ve": ("V", "AH V"),
}
_PREFIXES: Mapping[str, str] = {"un": "AH N", "re": "R IY", "non": "N AA N", "pre": "P R IY", "mis": "M IH S"}
_SUFFIXES: Mapping[str, str] = {"ing": "IH NG", "er": "ER", "ly": "L IY", "less": "L AH S", "ness": "N AH S"}
_SHORTEST_PART = 3
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_HISSING = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})

# A word's making: its parts in order, words to look up or ready sounds.
_Making = tuple[tuple[Literal["word", "sound", "s", "ed"], str], ...]


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """The ways a word may be said, phones separated by spaces, and how they were found."""

    phones: tuple[str, ...]
    origin: Origin


def pronunciations(words: Collection[str], lexicon: Path) -> dict[str, Pronunciation]:
    """A pronunciation for each of `words`; missing only for a word without letters."""
    found = {word: Pronunciation(phones, "lexicon") for word, phones in _look_up(words, lexicon).items()}
    found |= {word: Pronunciation(_SET[word], "set") for word in words if word in _SET}
    missing = sorted(set(words) - found.keys())
    if missing:
        found |= _made_up(missing, lexicon)
    return found


def _look_up(words: Collection[str], lexicon: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    wanted = set(words)
    with lexicon.open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, phones = line.partition(" ")
            word = entry.partition("(")[0]
            if word in wanted:
                found.setdefault(word, []).append(phones.strip())
    return {word: tuple(phones) for word, phones in found.items()}


def _made_up(words: Collection[str], lexicon: Path) -> dict[str, Pronunciation]:
    """Each word by the first making all of whose parts are known, else by its letters."""
    makings = {word: list(_makings(word)) for word in words}
    parts = {text for some in makings.values() for making in some for kind, text in making if kind == "word"}
    known = _look_up(parts, lexicon)
    letters = LetterSounds()
    made: dict[str, Pronunciation] = {}
    for word in words:
        derived = next((said for making in makings[word] if (said := _put_together(making, known))), None)
        guessed = None if derived else letters.phones(word)
        if derived or guessed:
            made[word] = Pronunciation((derived or guessed or "",), "derived" if derived else "guessed")
    return made


def _makings(word: str) -> Iterator[_Making]:
    """The ways to put a word together, the likeliest first."""
    if word.endswith("'s"):
        yield (("word", word[:-2]), ("s", ""))
    if word.endswith("s") and not word.endswith("ss"):
        yield (("word", word[:-1]), ("s", ""))
        if word.endswith("es"):
            yield (("word", word[:-2]), ("s", ""))
    if word.endswith("ed"):
        yield (("word", word[:-2]), ("ed", ""))
        yield (("word", word[:-1]), ("ed", ""))
    for prefix, sound in _PREFIXES.items():
        if word.startswith(prefix):
            yield (("sound", sound), ("word", word[len(prefix) :]))
    for suffix, sound in _SUFFIXES.items():
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= _SHORTEST_PART:
            yield (("word", stem), ("sound", sound))
            yield (("word", stem + "e"), ("sound", sound))
    for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        yield (("word", word[:cut]), ("word", word[cut:]))


def _put_together(making: _Making, known: Mapping[str, tuple[str, ...]]) -> str | None:
    said: list[str] = []
    for kind, text in making:
        if kind == "word" and text not in known:
            return None
        said += _ending(kind, said[-1]) if kind in {"s", "ed"} else (known[text][0] if kind == "word" else text).split()
    return " ".join(said)


def _ending(kind: str, last: str) -> list[str]:
    """The regular plural or past after a sound: cats, dogs, buses; asked, named, wanted."""
    if kind == "s":
        return ["IH", "Z"] if last in _HISSING else ["S"] if last in _VOICELESS else ["Z"]
    return ["IH", "D"] if last in {"T", "D"} else ["T"] if last in _VOICELESS | _HISSING - {"Z", "ZH", "JH"} else ["D"]
