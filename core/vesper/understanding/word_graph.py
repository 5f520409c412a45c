"""From a network of sentence pieces to the smallest deterministic word graph, with exact weights.

In: a `SentenceNetwork`, what templates come down to: nodes, and arcs that carry a piece of text and the
probability of taking them. Out: a `WordGraph` (`vesper.ports.stt`). It is its own file because it knows nothing
of templates: it is automata theory on an acyclic network.

Method: pieces are glued to words while walking; subset construction makes the network deterministic
(Rabin and Scott 1959); merging states with equal futures, from the ends backwards, makes it minimal (Revuz 1992,
"Minimisation of acyclic deterministic automata in linear time"). An arc's weight is the share of the probability
mass at its state that leaves through it, counted over all sentences exactly instead of over a sample: every
path of the network lies on one path of the deterministic graph, so the mass can be pushed through it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from vesper.ports.stt import WordGraph

SPACE = " "

# A node and the letters of the word begun there: where a walk through the network stands.
_Place = tuple[int, str]
_Leaving = dict[tuple[str, _Place], float]


class SentenceNetwork:
    """An acyclic network of text pieces. Node 0 is the start, node 1 the end.

    A piece is text without spaces, glued to what stands beside it; `SPACE`, which ends a word; or "" for nothing.
    """

    START = 0
    END = 1

    def __init__(self) -> None:
        self._arcs: list[list[tuple[int, str, float]]] = [[], []]

    def node(self) -> int:
        """A new node."""
        self._arcs.append([])
        return len(self._arcs) - 1

    def join(self, source: int, target: int, piece: str = "", *, probability: float = 1.0) -> None:
        """An arc; the probabilities of the arcs leaving a node are relative to each other."""
        self._arcs[source].append((target, piece, probability))

    def arcs(self, node: int) -> Iterator[tuple[int, str, float]]:
        """(target, piece, probability) of the arcs leaving a node; the probabilities add up to 1."""
        total = sum(probability for _, _, probability in self._arcs[node])
        for target, piece, probability in self._arcs[node]:
            yield target, piece, probability / total


@dataclass(slots=True)
class _State:
    """One state of the deterministic graph: where all its walks may stand and with which share of the mass, and
    how much of it flows out by each word or ends here."""

    places: frozenset[_Place]
    arcs: dict[str, int] = field(default_factory=dict[str, int])
    mass: dict[_Place, float] = field(default_factory=dict[_Place, float])
    flow: dict[str, float] = field(default_factory=dict[str, float])
    ending: float = 0.0


class _WordSteps:
    """From a place in the network, which words can be said next, and with what probability."""

    def __init__(self, network: SentenceNetwork) -> None:
        self._network = network
        self._known: dict[_Place, tuple[_Leaving, float]] = {}

    def leaving(self, place: _Place) -> tuple[_Leaving, float]:
        """({(word, place behind it): probability}, probability of the sentence ending here)."""
        if place not in self._known:
            self._known[place] = self._walk(place)
        return self._known[place]

    def _walk(self, place: _Place) -> tuple[_Leaving, float]:
        node, letters = place
        if node == SentenceNetwork.END:
            return ({(letters, (node, "")): 1.0}, 0.0) if letters else ({}, 1.0)
        steps: _Leaving = {}
        ending = 0.0
        for target, piece, probability in self._network.arcs(node):
            if piece == SPACE and letters:
                step = (letters, (target, ""))
                steps[step] = steps.get(step, 0.0) + probability
                continue
            further, ends = self.leaving((target, letters + piece if piece != SPACE else letters))
            ending += probability * ends
            for step, share in further.items():
                steps[step] = steps.get(step, 0.0) + probability * share
        return steps, ending


def word_graph(network: SentenceNetwork) -> WordGraph:
    """The smallest deterministic graph of the network's sentences, weighted.

    The network must be acyclic. A network without any sentence gives one state and no arcs.
    """
    steps = _WordSteps(network)
    states = _deterministic(steps)
    order = _from_start_to_ends(states)
    _push_mass(states, order, steps)
    return _minimal(states, order)


def _deterministic(steps: _WordSteps) -> list[_State]:
    """Subset construction: state 0 is the start."""
    first = frozenset({(SentenceNetwork.START, "")})
    states = [_State(first)]
    numbers = {first: 0}
    for state in states:  # grows while it is walked
        following: dict[str, set[_Place]] = {}
        for place in state.places:
            for word, target in steps.leaving(place)[0]:
                following.setdefault(word, set()).add(target)
        for word, targets in sorted(following.items()):
            places = frozenset(targets)
            if places not in numbers:
                numbers[places] = len(states)
                states.append(_State(places))
            state.arcs[word] = numbers[places]
    return states


def _from_start_to_ends(states: list[_State]) -> list[int]:
    """Topological order (Kahn 1962)."""
    incoming = [0] * len(states)
    for state in states:
        for target in state.arcs.values():
            incoming[target] += 1
    order = [0]
    for number in order:  # grows while it is walked
        for target in states[number].arcs.values():
            incoming[target] -= 1
            if incoming[target] == 0:
                order.append(target)
    return order


def _push_mass(states: list[_State], order: list[int], steps: _WordSteps) -> None:
    """Let one unit of probability flow from the start through the graph, exactly as the network deals it out."""
    states[0].mass[(SentenceNetwork.START, "")] = 1.0
    for number in order:
        state = states[number]
        for place, mass in state.mass.items():
            leaving, ends = steps.leaving(place)
            state.ending += mass * ends
            for (word, target), share in leaving.items():
                onward = states[state.arcs[word]].mass
                onward[target] = onward.get(target, 0.0) + mass * share
                state.flow[word] = state.flow.get(word, 0.0) + mass * share


def _minimal(states: list[_State], order: list[int]) -> WordGraph:
    """Merge states with equal futures, from the ends backwards, and add up what flows through them.

    The start has the longest future of all, so it is the last kind found; counting backwards makes it state 0.
    """
    kinds: dict[tuple[bool, tuple[tuple[str, int], ...]], int] = {}
    kind_of: dict[int, int] = {}
    merged: list[_State] = []
    for number in reversed(order):
        state = states[number]
        future = (state.ending > 0.0, tuple((word, kind_of[target]) for word, target in state.arcs.items()))
        kind = kind_of[number] = kinds.setdefault(future, len(kinds))
        if kind == len(merged):
            merged.append(_State(state.places))
        _add_flow(merged[kind], state)
    last = len(kinds) - 1
    arcs: list[tuple[int, int, str, float]] = []
    finals: dict[int, float] = {}
    for (is_final, future), kind in kinds.items():
        flow, ending = merged[kind].flow, merged[kind].ending
        total = ending + sum(flow.values())
        if is_final:
            finals[last - kind] = math.log(ending / total)
        arcs.extend((last - kind, last - onward, word, math.log(flow[word] / total)) for word, onward in future)
    return WordGraph(states=last + 1, arcs=tuple(sorted(arcs)), finals=finals)


def _add_flow(merged: _State, state: _State) -> None:
    merged.ending += state.ending
    for word, mass in state.flow.items():
        merged.flow[word] = merged.flow.get(word, 0.0) + mass
