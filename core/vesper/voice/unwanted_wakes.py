"""Wakes without a command: how often Vesper was woken in the last hour and nobody asked for anything.

Counted from the records of turns (of earlier runs too: the last 200 are stored anyway), so nothing more is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from vesper.base.clock import Clock
from vesper.base.events import UnwantedWakes
from vesper.skills.skill import Words
from vesper.voice.trace import TurnRecord

HOUR = timedelta(hours=1)
MOST_TURNS = 1000
ADVICE_OVER = 5
"""Wakes an hour up to which nothing is advised: a television in the room makes a few."""

ADVICE_TIMES_USUAL = 2.0


@dataclass(frozen=True, slots=True)
class HourlyCount:
    """Wakes without a command: in the last hour, and usually (the mean over the earlier hours with any turn)."""

    last_hour: int
    usual: float

    @property
    def is_growing(self) -> bool:
        """Whether something should be advised: more than five, and more than twice the usual."""
        return self.last_hour > ADVICE_OVER and self.last_hour > ADVICE_TIMES_USUAL * self.usual


def is_unwanted(trace: Mapping[str, Any]) -> bool:
    """Whether this turn, given as the plain trace that is stored, was a wake without a command."""
    if trace.get("opened_by") != "wake":
        return False
    outcome = trace.get("outcome")
    return outcome == "false_wake" or (outcome in {"asked", "nothing_said"} and not _was_understood(trace))


def _was_understood(trace: Mapping[str, Any]) -> bool:
    """Whether a command was heard, if only to be asked about."""
    return bool(trace.get("intents")) or trace.get("verdict") == "unsure"


def hourly(turns: Iterable[tuple[datetime, bool]], now: datetime) -> HourlyCount:
    """The count from turns given as (when, whether it was an unwanted wake). Hours are counted back from `now`.

    What lies in the future (the wall clock was set back) belongs to no hour.
    """
    hours: dict[int, int] = {}
    for when, unwanted in turns:
        if when <= now:
            back = int((now - when) / HOUR)
            hours[back] = hours.get(back, 0) + unwanted
    last_hour = hours.pop(0, 0)
    return HourlyCount(last_hour, sum(hours.values()) / len(hours) if hours else 0.0)


class WakeCount:
    """Counts while Vesper runs. Belongs to the core's loop.

    `words` are those of `why_not.yaml`; `is_strict` says whether the wake word is as strict as it can be already.
    """

    def __init__(self, clock: Clock, words: Words, *, is_strict: Callable[[], bool] = lambda: False) -> None:
        self._clock = clock
        self._words = words
        self._is_strict = is_strict
        self._turns: dict[str, tuple[datetime, bool]] = {}
        self._advised_at: datetime | None = None

    def remember(self, traces: Iterable[Mapping[str, Any]]) -> None:
        """Take in what is stored of earlier turns, the newest last."""
        for trace in traces:
            self._add(str(trace.get("id")), str(trace.get("started_at")), trace)

    def keep(self, record: TurnRecord) -> bool:
        """Take in a turn that has ended; whether that changed the count."""
        before = self.count().last_hour
        trace = {**record.facts, "opened_by": record.opened_by, "outcome": record.outcome}
        self._add(record.id, record.started_at, trace)
        return self.count().last_hour != before

    def count(self) -> HourlyCount:
        """As it is now."""
        return hourly(self._turns.values(), self._clock.now())

    def told(self) -> UnwantedWakes:
        """The count in words, with advice where it grows."""
        count = self.count()
        if not count.is_growing:
            key = "wakes" if count.last_hour else "wakes_none"
            sentence, hint = self._words.say(key, count=count.last_hour, usual=count.usual), ""
        else:
            sentence = self._words.say("wakes_growing", count=count.last_hour)
            hint = self._words.say("wakes_advice_strict" if self._is_strict() else "wakes_advice")
        return UnwantedWakes(last_hour=count.last_hour, usual=round(count.usual, 2), sentence=sentence, hint=hint)

    def told_unasked(self) -> UnwantedWakes:
        """The same for whoever did not ask: with advice only once an hour."""
        told, now = self.told(), self._clock.now()
        if told.hint and (self._advised_at is None or now - self._advised_at >= HOUR):
            self._advised_at = now
            return told
        return replace(told, hint="")

    def _add(self, turn: str, started_at: str, trace: Mapping[str, Any]) -> None:
        try:
            when = datetime.fromisoformat(started_at)
        except ValueError:
            return  # a trace of another form: it counts nothing
        if when.tzinfo is None:
            return
        if trace.get("opened_by") == "follow_up" and _was_understood(trace) and self._turns:
            last = next(reversed(self._turns))  # the command came when Vesper asked back: so the wake was meant
            self._turns[last] = (self._turns[last][0], False)
        self._turns[turn] = (when, is_unwanted(trace))
        while len(self._turns) > MOST_TURNS:
            del self._turns[next(iter(self._turns))]
