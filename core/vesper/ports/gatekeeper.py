"""The gatekeeper: hears an utterance without holding it to the grammar, so that what is no command can be told.

A recogniser of commands finds one in any speech. The gatekeeper expects commands too, but may also hear anything
between them; where the two hear much the same, it was a command (`vesper.voice.agreement`). Its words are a second
opinion, never an answer. It gives all its readings of the sound, because one of them alone is often odd.
"""

from __future__ import annotations

from typing import Protocol

from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.stt import Grammar, Transcript


class GatekeeperEngine(Protocol):
    """An engine that gives the second opinion (engine side, synchronous)."""

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        ...

    def open(self) -> None:
        """Load the model. Raises Missing."""
        ...

    def load(self, grammar: Grammar) -> None:
        """Expect this grammar's sentences from now on."""
        ...

    def recognise(self, samples: Samples) -> tuple[Transcript, ...]:
        """What may have been said, in any words, likeliest first; the wake phrase is left out. None for no words."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """A quick real check."""
        ...


class Gatekeeper(Protocol):
    """Gives the second opinion."""

    async def load(self, grammar: Grammar) -> None:
        """Expect this grammar's sentences from now on."""
        ...

    async def recognise(self, samples: Samples) -> tuple[Transcript, ...]:
        """What may have been said, in any words, likeliest first. Raises EngineFailed when the engine died or hung."""
        ...
