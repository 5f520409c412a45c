"""Speech to text: a grammar and sound in, partial and final words out.

A Grammar is a word graph, neutral of any engine. The synchronous protocols are what an engine implements; the
asynchronous ones are what the rest of Vesper uses, made from them by `vesper.worker`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe

Verdict = Literal["sure", "unsure", "rejected", "empty"]


@dataclass(frozen=True, slots=True)
class WordGraph:
    """A deterministic, minimal acceptor over words.

    `arcs` are (from state, to state, word, natural log of its probability among the arcs leaving that state);
    state 0 is the start; `finals` maps an accepting state to the log probability of ending there.
    """

    states: int
    arcs: tuple[tuple[int, int, str, float], ...]
    finals: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The sentences a recogniser may expect.

    `key` is a hash of everything the graph was made from: equal keys mean equal graphs, so compiled forms are
    cached under it. `prefixes` are phrases that may be spoken before a sentence (the wake phrase): a recogniser
    may hear them, and leaves them out of its text. `cache` is a folder where an engine may keep what it compiles.
    """

    key: str
    language: str
    graph: WordGraph
    prefixes: tuple[str, ...] = ()
    cache: str = ""


@dataclass(frozen=True, slots=True)
class GrammarReport:
    """What came of loading a grammar: words the lexicon lacked and how they will be heard."""

    words: int
    guessed: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """What was understood so far. `is_complete`: a whole sentence of the grammar; `can_go_on`: it may continue."""

    text: str = ""
    is_complete: bool = False
    can_go_on: bool = True


@dataclass(frozen=True, slots=True)
class Transcript:
    """The final words.

    `confidence` in [0, 1]; `alternatives` best first; `verdict` how far to trust it; `sounds` the phones of the words,
    in a set of the engine's own, where it knows them.
    """

    text: str
    confidence: float = 1.0
    alternatives: tuple[str, ...] = ()
    verdict: Verdict = "sure"
    engine: str = ""
    language: str = ""
    sounds: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


class SttStreamEngine(Protocol):
    """One utterance being decoded live (engine side)."""

    def feed(self, samples: Samples) -> None:
        """More sound, 16 kHz mono."""
        ...

    def partial(self) -> Partial:
        """What was understood of all that was fed."""
        ...

    def finish(self) -> Transcript:
        """End the utterance."""
        ...

    def cancel(self) -> None:
        """Throw the utterance away."""
        ...


class SpeechToTextEngine(Protocol):
    """An engine that turns speech into text (engine side, synchronous)."""

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        ...

    def open(self) -> None:
        """Load the model. Raises Missing."""
        ...

    def load(self, grammar: Grammar) -> GrammarReport:
        """Make this the grammar of everything begun from now on."""
        ...

    def start(self) -> SttStreamEngine:
        """Begin a live utterance."""
        ...

    def recognise(self, samples: Samples) -> Transcript:
        """A whole utterance at once: better than live, because all of it is known."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """A quick real check."""
        ...


class SttStream(Protocol):
    """One utterance being decoded live. Calls keep their order."""

    def feed(self, samples: Samples) -> None:
        """More sound; returns at once."""
        ...

    async def partial(self) -> Partial:
        """What was understood of all that was fed."""
        ...

    async def finish(self) -> Transcript:
        """End the utterance."""
        ...

    def cancel(self) -> None:
        """Throw the utterance away; returns at once."""
        ...


class SpeechToText(Protocol):
    """Turns speech into text."""

    async def load(self, grammar: Grammar) -> GrammarReport:
        """Make this the grammar of everything begun from now on."""
        ...

    async def start(self) -> SttStream:
        """Begin a live utterance."""
        ...

    async def recognise(self, samples: Samples) -> Transcript:
        """A whole utterance at once. Raises EngineFailed when the engine died or hung."""
        ...

    async def probe(self) -> Probe:
        """A quick real check."""
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...


MOST_WORDS_BEFORE = 3
"""How many words may stand before a wake phrase: what fits into the part of a second that is heard before it."""


def drop_prefix(words: Sequence[str], prefixes: Sequence[str]) -> list[str]:
    """`words` without a leading wake phrase, or the end of one, and without the few words said just before it.

    An utterance is heard from a little before the wake phrase on, and somebody may have been speaking then.
    """
    found = list(words)
    for prefix in prefixes:
        parts = prefix.split()
        for before in range(MOST_WORDS_BEFORE, -1, -1):
            if found[before : before + len(parts)] == parts:
                return found[before + len(parts) :]
        for start in range(len(parts)):
            tail = parts[start:]
            if found[: len(tail)] == tail:
                return found[len(tail) :]
    return found
