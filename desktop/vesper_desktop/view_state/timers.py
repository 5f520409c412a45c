"""The timers on show: rows made from `timers.changed`, their countdown at a moment, and what they need next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal

from vesper.base import events

TimerState = Literal["running", "paused", "ringing"]


@dataclass(frozen=True, slots=True)
class TimerRow:
    """One timer. `due` (UTC) counts while it runs, `remaining_s` while it is paused."""

    id: str
    name: str
    state: TimerState
    due: datetime
    remaining_s: float = 0.0

    def seconds_left(self, now: datetime) -> float:
        """Seconds until it rings; negative once it rings."""
        return self.remaining_s if self.state == "paused" else (self.due - now).total_seconds()


@dataclass(frozen=True, slots=True)
class TimersState:
    """All timers, the next one first."""

    rows: tuple[TimerRow, ...] = ()

    @property
    def ringing(self) -> tuple[TimerRow, ...]:
        """Those that ring now."""
        return tuple(row for row in self.rows if row.state == "ringing")

    @property
    def is_counting(self) -> bool:
        """Whether a countdown moves, so that the window must repaint it each second."""
        return any(row.state != "paused" for row in self.rows)


def reduce(state: TimersState, event: events.Event) -> TimersState:
    """The state after `event`; the very same object when nothing changes here."""
    if isinstance(event, events.TimersChanged):
        rows = (_row(values) for values in event.timers)
        return TimersState(tuple(sorted(rows, key=_order)))
    if isinstance(event, events.TimerRang):
        return TimersState(tuple(replace(row, state="ringing") if row.id == event.id else row for row in state.rows))
    if isinstance(event, events.TimerStopped):
        kept = tuple(row for row in state.rows if row.id != event.id)
        return state if len(kept) == len(state.rows) else TimersState(kept)
    return state


def countdown(row: TimerRow, now: datetime) -> str:
    """What is left as "1:02:03" or "4:05"; rounded up, so that a new five minutes begins at 5:00."""
    left = max(0, -int(-row.seconds_left(now) // 1))
    hours, rest = divmod(left, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def outlives_the_day(state: TimersState, now: datetime, zone: tzinfo) -> bool:
    """Whether a running timer is due after the user's next midnight: then starting at login matters."""
    midnight = (now.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return any(row.state == "running" and row.due >= midnight for row in state.rows)


def _row(values: Mapping[str, Any]) -> TimerRow:
    due = values.get("due")
    state: Any = values.get("state", "running")
    return TimerRow(
        id=str(values["id"]),
        name=str(values.get("name") or ""),
        state=state if state in {"running", "paused", "ringing"} else "running",
        due=due if isinstance(due, datetime) else _moment(str(due or "")),
        remaining_s=float(values.get("remaining_s") or 0.0),
    )


def _moment(text: str) -> datetime:
    """An ISO 8601 moment in UTC; a paused timer has none, and then the value is never looked at."""
    if not text:
        return datetime.max.replace(tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _order(row: TimerRow) -> tuple[int, datetime, float, str]:
    return ({"ringing": 0, "running": 1, "paused": 2}[row.state], row.due, row.remaining_s, row.id)
