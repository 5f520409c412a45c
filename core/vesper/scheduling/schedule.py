"""What is due when: timers as values, and every decision about them. Pure: a moment goes in, a decision comes out.

A running timer is anchored twice. Within one boot of the machine it is due at a reading of the boot clock, which
counts through sleep and which nobody can set: a wall clock put back an hour does not shift a five-minute timer.
After a reboot only the wall clock says how much time passed, so the due time is kept in UTC as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from vesper.base.errors import BadInput

State = Literal["running", "paused", "ringing"]

LATE = timedelta(minutes=1)
"""A timer that came due longer ago, unnoticed (Vesper not running, machine asleep), is missed instead of rung."""
RINGS_FOR = timedelta(minutes=15)
"""How long a timer rings when nobody stops it (voice-field-notes, 74)."""
LONGEST = timedelta(days=100)
"""The longest timer that is taken; what is longer is a slip of the tongue or a matter for the calendar."""
JUMP = timedelta(seconds=1)
"""A wall clock that moved by more against the boot clock was set; less is a time server at its work."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks.

    `wall` is aware, in UTC; `boot_s` are seconds since the machine started, sleep included; `boot_id` names that
    start, so that readings of two starts are never compared.
    """

    wall: datetime
    boot_s: float
    boot_id: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that has not ended.

    `duration` is its whole length, time added to it included. `due` (UTC) and `due_boot_s` (boot clock of
    `boot_id`) are set while it runs or rings; `left` while it is paused. `armed` counts how often it was set
    going: together with the id it is the fired key, under which it can fire once.
    """

    id: str
    name: str
    state: State
    duration: timedelta
    created: datetime
    due: datetime | None
    due_boot_s: float = 0.0
    boot_id: str = ""
    left: timedelta | None = None
    armed: int = 1

    @property
    def fired_key(self) -> str:
        """The key under which this arming of the timer fires, once."""
        return f"{self.id}/{self.armed}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with a timer now: it begins to ring, or it was missed."""

    kind: Literal["ring", "miss"]
    timer: Timer


def new_timer(timer_id: str, name: str, duration: timedelta, *, moment: Moment) -> Timer:
    """A timer that runs from `moment` on. Raises BadInput when the duration makes no sense."""
    if duration <= timedelta(0):
        raise BadInput("timer.too_short", "A timer needs some time to run.", "Say for how long.")
    timer = Timer(timer_id, name, "paused", duration, moment.wall, None, left=duration, armed=0)
    return resumed(_checked(timer), moment)


def remaining(timer: Timer, moment: Moment) -> timedelta:
    """The time left, never below zero."""
    if timer.left is not None:
        return timer.left
    return max(timedelta(0), -_overdue(timer, moment))


def paused(timer: Timer, moment: Moment) -> Timer:
    """The timer standing still; a paused or ringing one is returned as it is."""
    if timer.state != "running":
        return timer
    return replace(timer, state="paused", due=None, due_boot_s=0.0, boot_id="", left=remaining(timer, moment))


def resumed(timer: Timer, moment: Moment) -> Timer:
    """The timer going again from where it was paused; a running or ringing one is returned as it is."""
    if timer.left is None:
        return timer
    return replace(_anchored(timer, timer.left, moment), state="running", left=None, armed=timer.armed + 1)


def changed(timer: Timer, delta: timedelta, moment: Moment) -> Timer:
    """The timer with `delta` more (or less) time left; a ringing one runs again for `delta`.

    Raises BadInput when no time would be left, or too much.
    """
    left = remaining(timer, moment) + delta
    if left <= timedelta(0):
        raise BadInput("timer.nothing_left", "That would leave no time on the timer.", "You can cancel it instead.")
    if timer.state == "ringing":
        return resumed(_checked(replace(timer, state="paused", duration=delta, left=delta)), moment)
    longer = _checked(replace(timer, duration=max(timer.duration + delta, left)))
    if timer.state == "paused":
        return replace(longer, left=left)
    return replace(_anchored(longer, left, moment), armed=timer.armed + 1)


def restored(timer: Timer, moment: Moment, *, armed: int) -> Timer:
    """A timer that was cancelled or changed, as it was before; `armed` is its highest count so far."""
    if timer.state == "paused":
        return replace(timer, armed=armed)
    return replace(reanchored(timer, moment), state="running", armed=armed + 1)


def ringing(timer: Timer) -> Timer:
    """The timer while it rings."""
    return replace(timer, state="ringing")


def reanchored(timer: Timer, moment: Moment) -> Timer:
    """The timer with both anchors right for `moment`; returned as it is when they are.

    In the boot that anchored it, the boot clock is right and the wall clock may have been set. In another boot
    the wall clock is all there is.
    """
    if timer.due is None:
        return timer
    until_due = -_overdue(timer, moment)
    if timer.boot_id == moment.boot_id and abs(moment.wall + until_due - timer.due) <= JUMP:
        return timer
    return _anchored(timer, until_due, moment)


def steps(timers: Iterable[Timer], moment: Moment) -> list[Step]:
    """What is to be done at `moment`, the longest due first: ring, miss what came due unnoticed, end long ringing."""
    overdue = sorted(((_overdue(t, moment), t) for t in timers if t.due is not None), key=lambda p: p[0], reverse=True)
    return [step for late, timer in overdue if (step := _step(timer, late)) is not None]


def steps_at_start(timers: Iterable[Timer], moment: Moment) -> list[Step]:
    """As `steps`, when Vesper starts: what rang when it ended was not heard to its end, and is missed."""
    all_timers = tuple(timers)
    cut = [Step("miss", timer) for timer in all_timers if timer.state == "ringing"]
    return cut + steps((timer for timer in all_timers if timer.state == "running"), moment)


def next_wait(timers: Iterable[Timer], moment: Moment) -> timedelta | None:
    """How long until there is something to do; None when nothing is waited for."""
    waits = [_until_next(timer, moment) for timer in timers if timer.due is not None]
    return max(timedelta(0), min(waits)) if waits else None


def _step(timer: Timer, late: timedelta) -> Step | None:
    if timer.state == "ringing":
        return Step("miss", timer) if late >= RINGS_FOR else None
    if late < timedelta(0):
        return None
    return Step("ring" if late <= LATE else "miss", timer)


def _until_next(timer: Timer, moment: Moment) -> timedelta:
    until_due = -_overdue(timer, moment)
    return until_due + RINGS_FOR if timer.state == "ringing" else until_due


def _overdue(timer: Timer, moment: Moment) -> timedelta:
    """How long ago the timer came due; negative while it still has time."""
    assert timer.due is not None, "a paused timer is never due"
    if timer.boot_id and timer.boot_id == moment.boot_id:
        return timedelta(seconds=moment.boot_s - timer.due_boot_s)
    return moment.wall - timer.due


def _anchored(timer: Timer, left: timedelta, moment: Moment) -> Timer:
    due_boot_s = moment.boot_s + left.total_seconds()
    return replace(timer, due=moment.wall + left, due_boot_s=due_boot_s, boot_id=moment.boot_id)


def _checked(timer: Timer) -> Timer:
    if timer.duration > LONGEST:
        raise BadInput("timer.too_long", f"A timer can run for at most {LONGEST.days} days.", "Choose a shorter time.")
    return timer
