"""The trace of a turn: what it did, how long each step took, how it ended. It says no word of what was said.

A `Turn` publishes the turn's events with its id, measures its steps, and ends with `turn.finished` exactly once,
also when it fails. The record goes to whoever keeps traces (the last 200, `vesper turns`).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeVar

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import unexpected
from vesper.base.events import Event, Problem, SpeechRecognised, TurnFinished
from vesper.voice.openings import Opening

_log = logging.getLogger(__name__)
E = TypeVar("E", bound=Event)


class Outcome(Enum):
    """How a turn ended (interfaces.md section 3)."""

    ANSWERED = "answered"
    ASKED = "asked"
    NOTHING_SAID = "nothing_said"
    FALSE_WAKE = "false_wake"
    UNCLAIMED = "unclaimed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(slots=True)
class TurnRecord:
    """What is kept of a turn: times, scores and counters.

    `ms` maps a step to its milliseconds, `facts` whatever else explains the turn (scores, reasons, intents). The
    words, `said` and `answered`, are dropped by whoever keeps it unless the user wants a history; `guess`, what a
    rejected sentence was nearly taken for, is never kept on disk.
    """

    id: str
    opened_by: str
    started_at: str
    outcome: str = ""
    ms: dict[str, float] = field(default_factory=dict[str, float])
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    said: str = ""
    answered: str = ""
    guess: str = ""


Keep = Callable[[TurnRecord], Awaitable[None]]


class Turn:
    """One running turn."""

    def __init__(self, record: TurnRecord, bus: EventBus, clock: Clock) -> None:
        self.record = record
        self._bus = bus
        self._clock = clock
        self.outcome: Outcome | None = None

    @property
    def id(self) -> str:
        """The turn's random id."""
        return self.record.id

    def publish(self, event: E) -> E:
        """Publish an event as one of this turn."""
        if isinstance(event, SpeechRecognised):
            self.record.said = event.text
        return self._bus.publish(replace(event, turn=self.id))

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Measure what happens inside as the step `name`."""
        start = self._clock.monotonic()
        try:
            yield
        finally:
            self.took(name, self._clock.monotonic() - start)

    def took(self, step: str, seconds: float) -> None:
        """Note that a step took so long."""
        self.record.ms[step] = round(1000 * seconds, 1)

    def note(self, **facts: Any) -> None:
        """Keep plain values that explain the turn; never what was said."""
        self.record.facts.update(facts)

    def finish(self, outcome: Outcome) -> None:
        """Say how the turn ended; the last word counts."""
        self.outcome = outcome


class Trace:
    """Opens turns and hands their records to `keep`."""

    def __init__(self, bus: EventBus, clock: Clock, keep: Keep) -> None:
        self._bus = bus
        self._clock = clock
        self._keep = keep

    @asynccontextmanager
    async def turn(self, opening: Opening) -> AsyncGenerator[Turn]:
        """Run a turn: whatever happens inside, `turn.finished` follows once and the record is kept.

        An exception inside ends the turn as failed and is published as `problem`; it does not leave the turn,
        because the voice loop goes on.
        """
        record = TurnRecord(secrets.token_hex(8), opening.kind, self._clock.now().isoformat(timespec="seconds"))
        if opening.phrase:
            record.facts.update(phrase=opening.phrase, wake_score=round(opening.score, 3))
        turn = Turn(record, self._bus, self._clock)
        try:
            yield turn
        except Exception as error:  # noqa: BLE001 (a turn's failure is told, never the loop's end)
            self._tell(turn, error)
        finally:
            record.outcome = (turn.outcome or Outcome.FAILED).value
            turn.publish(TurnFinished(outcome=record.outcome, ms=dict(record.ms)))
        await self._keep(record)

    @staticmethod
    def _tell(turn: Turn, error: Exception) -> None:
        expected = unexpected(error)
        if expected is not error:
            _log.error("a turn failed", exc_info=error)
        turn.finish(Outcome.FAILED)
        turn.note(error=expected.code)
        turn.publish(Problem(code=expected.code, sentence=expected.sentence, hint=expected.hint))
