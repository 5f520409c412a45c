"""A turn is traced without words, and ends with one `turn.finished` whatever happens in it."""

from __future__ import annotations

from collections.abc import Callable

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.errors import Missing
from vesper.base.events import Event, SpeechStarted, TurnFinished
from vesper.voice.openings import Opening
from vesper.voice.trace import Outcome, Trace, TurnRecord

OPENING = Opening("wake", 0, 0, 5.0, phrase="okay nabu", score=0.98765)


class Tracing:
    """A trace whose records and events are kept."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        bus = EventBus(self.clock)
        self._events = bus.subscribe()
        self.records: list[TurnRecord] = []
        self.trace = Trace(bus, self.clock, self._keep)

    async def _keep(self, record: TurnRecord) -> None:
        self.records.append(record)

    async def events(self) -> list[Event]:
        self._events.close()
        return [event async for event in self._events]


async def test_steps_are_measured_on_the_clock_and_the_last_outcome_counts() -> None:
    tracing = Tracing()
    async with tracing.trace.turn(OPENING) as turn:
        with turn.step("understand"):
            await tracing.clock.advance(0.0125)
        turn.finish(Outcome.ASKED)
        turn.finish(Outcome.ANSWERED)
    [record] = tracing.records
    assert (record.outcome, record.ms) == ("answered", {"understand": 12.5})
    assert (record.opened_by, record.facts) == ("wake", {"phrase": "okay nabu", "wake_score": 0.988})


async def test_events_of_a_turn_carry_its_id_and_the_last_one_ends_it() -> None:
    tracing = Tracing()
    async with tracing.trace.turn(OPENING) as turn:
        turn.publish(SpeechStarted())
        turn.finish(Outcome.ANSWERED)
    started, finished = await tracing.events()
    assert started.turn == finished.turn == tracing.records[0].id
    assert isinstance(finished, TurnFinished)


async def test_an_expected_failure_ends_the_turn_as_failed_and_is_told() -> None:
    tracing = Tracing()
    async with tracing.trace.turn(OPENING):
        raise Missing("voice.missing", "No voice is installed.", "Install one.")
    assert [event.name for event in await tracing.events()] == ["problem", "turn.finished"]
    assert tracing.records[0].outcome == "failed"
    assert tracing.records[0].facts["error"] == "voice.missing"


async def test_a_bug_ends_the_turn_too_and_is_logged(expect_log: Callable[[str], None]) -> None:
    expect_log("ERROR vesper.voice.trace: a turn failed")
    tracing = Tracing()
    async with tracing.trace.turn(OPENING):
        raise ZeroDivisionError
    assert tracing.records[0].facts["error"] == "vesper.bug"
