"""A trigram of a grammar's sentences, with some ordinary words beside them: what the gatekeeper decodes with.

In: a `Grammar` and common words with how common they are. Out: an ARPA file. It is made from sampled sentences, a few
seconds' work, so it is kept under the grammar's key. The estimate is that of Witten and Bell (1991), which leaves to
the shorter history as much as new words were seen behind the longer one.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path

from vesper.base.paths import bundled
from vesper.engines.stt_pocketsphinx.graph import FRAGMENT_MARK, PREFIX_MARK
from vesper.ports.stt import Grammar, WordGraph

FORMAT = 1
"""Version of the way a model is made; a new number makes every kept one stale."""

_ORDER = 3
_SENTENCES = 40_000
# Ordinary words come in rows without any order, in so many rows for each sentence. More of them (a tenth, a fifth)
# rejected no more of what was misheard and more of what was right.
_ORDINARY = 0.05
_LONGEST_ROW = 11
_BEGIN, _END = "<s>", "</s>"
# No word begins a sentence anew, but the format wants its probability.
_NEVER = -99.0

_Gram = tuple[str, ...]
_Sentence = list[str]


def kept_model(grammar: Grammar, folder: Path, common_words: Callable[[], Mapping[str, float]]) -> Path:
    """The grammar's model: the one that comes with Vesper, else the one kept in `folder`, made first if need be.

    Older ones go. `common_words` gives words with their probability. Raises OSError.
    """
    digest = hashlib.sha256("\n".join(grammar.prefixes).encode()).hexdigest()[:8]
    name = f"{grammar.key}-{digest}-{FORMAT}.arpa"
    ready_made = bundled("resources/graphs") / name
    if ready_made.exists():
        return ready_made
    target = folder / name
    if not target.exists():
        write_model(grammar, common_words(), target)
        for other in folder.glob(f"{grammar.language}-*.arpa"):
            if other != target:
                other.unlink(missing_ok=True)
    return target


def write_model(grammar: Grammar, common_words: Mapping[str, float], target: Path) -> None:
    """Make the grammar's model; written beside and then moved, so that nobody reads half a file. Raises OSError."""
    chance = random.Random(1)
    sentences = chain(
        islice(_sampled(grammar.graph, chance), _SENTENCES),
        islice(_rows(common_words, chance), round(_SENTENCES * _ORDINARY)),
    )
    model = _counted(_begun(sentences, grammar.prefixes, chance))
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")
    unfinished.write_text("\n".join(_arpa(model)), encoding="utf-8")
    unfinished.replace(target)


def words_of(model: Path) -> list[str]:
    """The words of a model."""
    words: list[str] = []
    with model.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("\\2-grams"):
                break
            fields = line.split()
            if len(fields) > 1 and fields[1] not in {_BEGIN, _END} and not line.startswith(("\\", "ngram")):
                words.append(fields[1])
    return words


def _sampled(graph: WordGraph, chance: random.Random) -> Iterator[_Sentence]:
    """Sentences of the graph, as often as it says."""
    ways: dict[int, tuple[list[tuple[int, str]], list[float]]] = {}
    for source, target, word, weight in graph.arcs:
        targets, shares = ways.setdefault(source, ([], []))
        targets.append((target, word))
        shares.append(math.exp(weight))
    for state, weight in graph.finals.items():
        targets, shares = ways.setdefault(state, ([], []))
        targets.append((-1, ""))
        shares.append(math.exp(weight))
    while True:
        state, sentence = 0, list[str]()
        while state >= 0:
            [(state, word)] = chance.choices(*ways[state])
            sentence.append(word)
        yield sentence[:-1]


def _rows(words: Mapping[str, float], chance: random.Random) -> Iterator[_Sentence]:
    """Words as often as they are common, in rows without any order."""
    known, shares = list(words), list(words.values())
    while known:
        yield chance.choices(known, shares, k=chance.randint(1, _LONGEST_ROW))


def _begun(sentences: Iterable[_Sentence], prefixes: Iterable[str], chance: random.Random) -> Iterator[_Sentence]:
    """The sentences, every other one behind a wake phrase or the end of one."""
    phrases = [prefix.split() for prefix in prefixes]
    for sentence in sentences:
        if not phrases or chance.random() < 1 / 2:
            yield sentence
            continue
        phrase = chance.choice(phrases)
        first, *others = phrase[chance.randrange(len(phrase)) :]
        mark = chance.choice((PREFIX_MARK, FRAGMENT_MARK))
        yield [mark + first, *(PREFIX_MARK + word for word in others), *sentence]


def _counted(sentences: Iterable[_Sentence]) -> dict[_Gram, Counter[str]]:
    """How often each word follows each history of at most two words."""
    followers: dict[_Gram, Counter[str]] = {}
    for sentence in sentences:
        words = [_BEGIN, *sentence, _END]
        for at in range(1, len(words)):
            for length in range(min(at, _ORDER - 1) + 1):
                followers.setdefault(tuple(words[at - length : at]), Counter())[words[at]] += 1
    return followers


def _arpa(followers: Mapping[_Gram, Counter[str]]) -> Iterator[str]:
    """The model in ARPA's text format, line by line."""
    grams = [sorted(history for history in followers if len(history) == length) for length in range(_ORDER)]
    words = len(followers[()]) + 1

    def probability(history: _Gram, word: str) -> float:
        seen = followers.get(history)
        if not history:
            shorter = 1 / words
        elif seen is None or word not in seen:
            return _left_over(seen) * probability(history[1:], word)
        else:
            shorter = probability(history[1:], word)
        assert seen is not None
        return (seen[word] + len(seen) * shorter) / (seen.total() + len(seen))

    yield "\\data\\"
    for length, histories in enumerate(grams):
        count = sum(len(followers[history]) for history in histories)
        yield f"ngram {length + 1}={count + (length == 0)}"
    for length, histories in enumerate(grams):
        yield f"\n\\{length + 1}-grams:"
        if length == 0:
            yield f"{_NEVER} {_BEGIN} {math.log10(_left_over(followers[(_BEGIN,)])):.4f}"
        for history in histories:
            for word in sorted(followers[history]):
                gram = (*history, word)
                line = f"{math.log10(probability(history, word)):.4f} {' '.join(gram)}"
                has_longer = length + 1 < _ORDER and word != _END
                yield f"{line} {math.log10(_left_over(followers.get(gram))):.4f}" if has_longer else line
    yield "\n\\end\\\n"


def _left_over(seen: Counter[str] | None) -> float:
    """The share that a history leaves to the shorter one; all of it where nothing was seen behind it."""
    return len(seen) / (seen.total() + len(seen)) if seen else 1.0
