"""The command graph as pocketsphinx wants it, and where a sequence of words stands in it.

In: a `Grammar`. Out: transitions for `Decoder.create_fsg`, with the wake phrases as optional beginnings, and
`GraphWalk`, which says whether words are a whole sentence. The decoder itself cannot say so: it returns the best
path even where that ends in no final state.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vesper.ports.stt import Grammar, WordGraph

PREFIX_MARK = "_"
"""Words of a wake phrase bear it in the decoder, so that they are told from the same words in a sentence."""

FRAGMENT_MARK = "_~"
"""The rest of such a word, where the sound begins inside it."""

# A wake phrase, whole or its end, stands in front of the sentence as often as not.
_PREFIX_PROBABILITY = 0.5
_TAILS = frozenset({"and", "a", "an", "the", "with", "of"})

# A bundle must save at least so many arcs to be worth a state of its own.
_BUNDLE_SAVES = 8
# Shares within this factor (natural log) count as alike.
_ALIKE_WITHIN = 0.7
# How much the graph's weights count beside the sound (of 5, 7, 10 and 14 this heard most). The decoder's own option
# "lw" does nothing for graphs from `create_fsg` (seen in 5.0.4 and 5.1.1), so it is done here.
_LANGUAGE_WEIGHT = 7.0
_LEAST_PROBABILITY = 1e-300

Arc = tuple[int, int, str, float]
_Step = tuple[str, int]
_Weights = dict[int, dict[_Step, float]]
Transition = tuple[int, int, float] | tuple[int, int, float, str]


@dataclass(frozen=True, slots=True)
class Position:
    """Where words stand in the graph. `is_sentence`: a whole one; `can_go_on`: it may continue."""

    is_sentence: bool
    can_go_on: bool


class GraphWalk:
    """Follows words through a word graph."""

    def __init__(self, graph: WordGraph) -> None:
        self._arcs: dict[tuple[int, str], int] = {(start, word): end for start, end, word, _ in graph.arcs}
        self._finals = frozenset(graph.finals)
        self._open = frozenset(start for start, *_ in graph.arcs)

    def position(self, words: Sequence[str]) -> Position | None:
        """Where the words end, None when they leave the graph."""
        state = 0
        for word in words:
            if (state, word) not in self._arcs:
                return None
            state = self._arcs[state, word]
        return Position(is_sentence=state in self._finals, can_go_on=state in self._open)

    def sentence(self, words: Sequence[str]) -> list[str] | None:
        """The words if they are a whole sentence, without a dangling "and" or "a" that breath was taken for.

        None when they are none; an empty list is never a sentence.
        """
        kept = list(words)
        while kept:
            position = self.position(kept)
            if position and position.is_sentence:
                return kept
            if kept[-1] not in _TAILS:
                return None
            kept.pop()
        return None


@dataclass(frozen=True, slots=True)
class DecoderGraph:
    """Transitions for the decoder: state numbers, linear probabilities, words (absent: moves without a word)."""

    start: int
    final: int
    transitions: tuple[Transition, ...]


def decoder_graph(grammar: Grammar, can_hear: Callable[[str], object]) -> DecoderGraph:
    """The grammar's graph with one end state, and with its wake phrases, whole or in part, in front.

    Arcs whose word cannot be heard are left out: the decoder would refuse the whole graph.
    """
    graph = grammar.graph
    final = graph.states
    audible = [arc for arc in graph.arcs if can_hear(arc[2])]
    transitions = [*_with_bundles(audible, first_free=final + 1)]
    transitions += [(state, final, math.exp(weight)) for state, weight in graph.finals.items()]
    start = 0
    if grammar.prefixes:
        start = 1 + max(max(source, target) for source, target, *_ in transitions)
        paths = _prefix_paths(grammar.prefixes, start)
        transitions += [path for path in paths if len(path) == 3 or can_hear(path[3])]
    return DecoderGraph(start, final, tuple(map(_weighed, transitions)))


def _weighed(step: Transition) -> Transition:
    weight = max(step[2] ** _LANGUAGE_WEIGHT, _LEAST_PROBABILITY)
    return (step[0], step[1], weight) if len(step) == 3 else (step[0], step[1], weight, step[3])


def _with_bundles(arcs: Sequence[Arc], first_free: int) -> Iterator[Transition]:
    """The arcs as transitions; those that many states have in common leave from one state of their own.

    Hundreds of states continue with the same cities, names or polite closings. The decoder keeps a tree of
    pronunciations for each state, so a bundle that is reached without a word saves most of them (100,000 arcs
    became 32,000, and half the memory). The sentences stay the same, their weights nearly: only states that deal
    out their probability alike share a bundle.
    """
    for weights in _alike(arcs):
        sources, steps = weights.keys(), next(iter(weights.values())).keys()
        if len(sources) * len(steps) - len(sources) - len(steps) < _BUNDLE_SAVES:
            for source, shares in weights.items():
                yield from ((source, target, share, word) for (word, target), share in shares.items())
            continue
        masses = {source: sum(shares.values()) for source, shares in weights.items()}
        yield from ((source, first_free, min(mass, 1.0)) for source, mass in masses.items())
        for word, target in steps:
            share = sum(shares[word, target] for shares in weights.values()) / sum(masses.values())
            yield (first_free, target, share, word)
        first_free += 1


def _alike(arcs: Sequence[Arc]) -> Iterator[_Weights]:
    """The arcs, parted into groups whose sources all have the same steps, with much the same shares."""
    sources_of: dict[_Step, dict[int, float]] = {}
    for source, target, word, weight in arcs:
        sources_of.setdefault((word, target), {})[source] = math.exp(weight)
    groups: dict[frozenset[int], list[_Step]] = {}
    for step, sources in sources_of.items():
        groups.setdefault(frozenset(sources), []).append(step)
    for sources, steps in groups.items():
        parted: dict[tuple[int, ...], _Weights] = {}
        for source in sorted(sources):
            shares = {step: sources_of[step][source] for step in steps}
            parted.setdefault(_profile(shares), {})[source] = shares
        yield from parted.values()


def _profile(shares: Mapping[_Step, float]) -> tuple[int, ...]:
    mass = sum(shares.values())
    return tuple(round(math.log(share / mass) / _ALIKE_WITHIN) for share in shares.values())


def _prefix_paths(prefixes: Sequence[str], start: int) -> Iterator[Transition]:
    yield (start, 0, 1 - _PREFIX_PROBABILITY)
    free = start + 1
    each = _PREFIX_PROBABILITY / sum(2 * len(prefix.split()) for prefix in prefixes)
    for prefix in prefixes:
        words = prefix.split()
        behind = [*range(free, free + len(words) - 1), 0]
        for number, word in enumerate(words):
            yield (start, behind[number], each, PREFIX_MARK + word)
            yield (start, behind[number], each, FRAGMENT_MARK + word)
            if number:
                yield (behind[number - 1], behind[number], 1.0, PREFIX_MARK + word)
        free += len(words) - 1


def plain_words(hypothesis: str) -> list[str]:
    """The decoder's words as people write them, without fillers, variant numbers and wake phrase."""
    words = (word.split("(")[0] for word in hypothesis.split())
    return [word for word in words if word and word[0] not in "<[+" + PREFIX_MARK]
