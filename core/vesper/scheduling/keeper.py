"""The Keeper: keeps the timers, waits for the next one that is due, and tells when one rings, ends or was missed.

Every change is on disk before its method returns, and a ringing or missed timer is on disk before its event is
published: after a crash nothing acknowledged is lost and nothing is told twice. Where the storage fails, the keeper
goes on in memory, publishes one `problem`, says so in `is_durable`, and saves what it owes with the next change.

`timers.changed` carries for each timer {"id", "name", "state", "due" (ISO 8601 in UTC, None while paused),
"remaining_s", "duration_s"}.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from vesper.base.bus import EventBus
from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import BadInput, StorageFailed
from vesper.base.events import Problem, TimerMissed, TimerRang, TimersChanged, TimerStopped
from vesper.base.tasks import TaskOwner
from vesper.scheduling import schedule
from vesper.scheduling.clocks import MomentReader, machine_moments, own_moments
from vesper.scheduling.schedule import Moment, Step, Timer
from vesper.scheduling.timer_store import Firing, TimerStore
from vesper.storage.database import Database

__all__ = ["Keeper", "Timer"]

T = TypeVar("T")
TimerEvent = TimerRang | TimerStopped | TimerMissed

LONGEST_SLEEP_S = 60.0
"""Never sleep longer at once: clocks are set and machines fall asleep in between."""
SHORTEST_CHECK_S = 5.0
CHECKS = 100
"""While a timer runs, its wait is cut into this many checks: the clock of a sleep stands still while the machine
sleeps, so a check is what notices a timer that came due meanwhile. For short timers this is seconds after waking."""
SAVE_WAIT_S = 3.0
"""A disk that hangs delays a ring or an answer by no more than this."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What a change makes of the timers, and what it lets happen."""

    timers: Mapping[str, Timer]
    firings: tuple[Firing, ...] = ()
    events: tuple[TimerEvent, ...] = ()


class Keeper:
    """Keeps all timers. Belongs to the core's event loop.

    Without a database, or when it cannot be read, everything works in memory. `read_moment` is how both clocks are
    read; only tests of sleeping machines hand in another.
    """

    def __init__(
        self, database: Database | None, clock: Clock, bus: EventBus, *, read_moment: MomentReader | None = None
    ) -> None:
        self._store = TimerStore(database) if database is not None else None
        self._clock = clock
        self._bus = bus
        self._read_moment = read_moment or own_moments(clock)
        self._asks_machine = read_moment is None and isinstance(clock, SystemClock)
        self._timers: dict[str, Timer] = {}
        self._on_disk: dict[str, Timer] = {}
        self._owed_firings: tuple[Firing, ...] = ()
        self._has_complained = False
        self._lock = asyncio.Lock()
        self._woken = asyncio.Event()
        self._waiting = TaskOwner("keeper")
        self._changing = TaskOwner("keeper-change", on_failure=_leave_to_caller)

    @property
    def is_durable(self) -> bool:
        """Whether everything the keeper knows is on disk: False when a crash would lose something."""
        return self._store is not None and not self._owed_firings and self._timers == self._on_disk

    def keep_in(self, database: Database) -> None:
        """Keep the timers in this database; called before `start`, because opening one takes a while."""
        self._store = TimerStore(database)

    async def start(self) -> None:
        """Load the timers, tell which were missed, ring those that are just due, and begin to wait."""
        await self._whole(self._begin())
        self._waiting.start(self._wait(), "wait")

    async def close(self) -> None:
        """Finish what is being changed and stop waiting. Timers stay on disk; ringing ones count as missed."""
        await self._changing.drain()
        await self._waiting.close()

    def timers(self) -> tuple[Timer, ...]:
        """Running, paused and ringing timers, in the order in which they were set. A snapshot, no waiting."""
        return tuple(self._timers.values())

    def plain_timers(self) -> tuple[dict[str, Any], ...]:
        """The timers as `timers.changed` carries them, with the time that is left now."""
        moment = self._read_moment()
        return tuple(_plain(timer, moment) for timer in self._timers.values())

    def remaining(self, timer: Timer) -> timedelta:
        """The time left on a timer, never below zero."""
        return schedule.remaining(timer, self._read_moment())

    async def add_timer(self, duration: timedelta, name: str = "") -> Timer:
        """Set a timer going. Raises BadInput for a duration that makes no sense."""
        return await self._put(lambda moment: schedule.new_timer(secrets.token_hex(16), name, duration, moment=moment))

    async def pause(self, timer_id: str) -> Timer:
        """Let a running timer stand still. Raises BadInput when it has ended."""
        return await self._put(lambda moment: schedule.paused(self._find(timer_id), moment))

    async def resume(self, timer_id: str) -> Timer:
        """Let a paused timer go on. Raises BadInput when it has ended."""
        return await self._put(lambda moment: schedule.resumed(self._find(timer_id), moment))

    async def change(self, timer_id: str, delta: timedelta) -> Timer:
        """Add time to a running, paused or ringing timer, or take some away.

        Raises BadInput when it has ended, or when no time would be left.
        """
        return await self._put(lambda moment: schedule.changed(self._find(timer_id), delta, moment))

    async def restore(self, timer: Timer) -> Timer:
        """Bring back a timer as it was before it was cancelled or changed; if it came due meanwhile it rings."""

        def earlier(moment: Moment) -> Timer:
            armed = max(timer.armed, self._timers.get(timer.id, timer).armed)
            return schedule.restored(timer, moment, armed=armed)

        return await self._put(earlier)

    async def cancel(self, *timer_ids: str) -> tuple[Timer, ...]:
        """End timers for good; returns those that were there. Ringing ones are stopped."""
        return await self._whole(self._end(set(timer_ids)))

    async def stop(self, *timer_ids: str) -> tuple[Timer, ...]:
        """Stop ringing timers, all when none is named; returns those that rang."""
        rings = {timer.id for timer in self._timers.values() if timer.state == "ringing"}
        return await self._whole(self._end(rings & set(timer_ids) if timer_ids else rings))

    # ------------------------------------------------------------- waiting

    async def _begin(self) -> None:
        async with self._lock:
            if self._asks_machine:
                self._read_moment = await asyncio.to_thread(machine_moments, self._clock)
            early = bool(self._timers)
            await self._load()
            await self._take(schedule.steps_at_start)
            if early and not self.is_durable:
                await self._apply(_Change(self._timers))

    async def _wait(self) -> None:
        while True:
            self._woken.clear()
            async with self._lock:
                await self._take(schedule.steps)
            sleeper = self._waiting.start(self._clock.sleep(self._sleep_s()), "sleep")
            sleeper.add_done_callback(lambda task: task.cancelled() or self._woken.set())
            await self._woken.wait()
            sleeper.cancel()

    def _sleep_s(self) -> float:
        wait = schedule.next_wait(self._timers.values(), self._read_moment())
        if wait is None:
            return LONGEST_SLEEP_S
        check = max(SHORTEST_CHECK_S, wait.total_seconds() / CHECKS)
        return min(wait.total_seconds(), check, LONGEST_SLEEP_S)

    async def _take(self, decide: Callable[[Iterable[Timer], Moment], list[Step]]) -> None:
        """Take the steps that are due now; the lock is held."""
        moment = self._read_moment()
        right = {timer.id: schedule.reanchored(timer, moment) for timer in self._timers.values()}
        change = _after_steps(right, decide(right.values(), moment))
        if change.events or right != self._timers:
            await self._apply(change)

    # ------------------------------------------------------------ changing

    async def _put(self, decide: Callable[[Moment], Timer]) -> Timer:
        return await self._whole(self._decide_and_put(decide))

    async def _decide_and_put(self, decide: Callable[[Moment], Timer]) -> Timer:
        async with self._lock:
            timer = decide(self._read_moment())
            before = self._timers.get(timer.id)
            rang_before = before is not None and before.state == "ringing" and timer.state != "ringing"
            events = (_event(TimerStopped, before),) if before is not None and rang_before else ()
            if timer != before:
                await self._apply(_Change({**self._timers, timer.id: timer}, events=events))
            return timer

    async def _end(self, timer_ids: set[str]) -> tuple[Timer, ...]:
        async with self._lock:
            ended = tuple(timer for timer in self._timers.values() if timer.id in timer_ids)
            left = {timer.id: timer for timer in self._timers.values() if timer.id not in timer_ids}
            events = tuple(_event(TimerStopped, timer) for timer in ended if timer.state == "ringing")
            if ended:
                await self._apply(_Change(left, events=events))
            return ended

    async def _apply(self, change: _Change) -> None:
        """Make a change: on disk, then in memory, then known. The lock is held."""
        self._owed_firings += change.firings
        await self._save(change.timers)
        self._timers = dict(change.timers)
        for event in change.events:
            self._bus.publish(event)
        self._bus.publish(TimersChanged(timers=self.plain_timers()))
        self._woken.set()

    async def _whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it to its end even if whoever asked for it is cancelled: an action once begun is never cut."""
        return await asyncio.shield(self._changing.start(work, "change"))

    def _find(self, timer_id: str) -> Timer:
        timer = self._timers.get(timer_id)
        if timer is None:
            raise BadInput("timer.ended", "That timer has already ended.")
        return timer

    # ------------------------------------------------------------- storing

    async def _load(self) -> None:
        if self._store is None:
            return
        try:
            loaded = await self._store.load()
        except StorageFailed as error:
            self._store = None
            self._complain(error)
            return
        self._on_disk = {timer.id: timer for timer in loaded}
        self._timers = {**self._on_disk, **self._timers}

    async def _save(self, timers: Mapping[str, Timer]) -> None:
        """Write what differs from the disk, and the firings that are owed."""
        if self._store is None:
            self._owed_firings = ()
            return
        changed = tuple(timer for timer in timers.values() if self._on_disk.get(timer.id) != timer)
        ended = tuple(self._on_disk.keys() - timers.keys())
        try:
            async with asyncio.timeout(SAVE_WAIT_S):
                await self._store.save(changed, ended, self._owed_firings)
        except (StorageFailed, TimeoutError) as error:
            self._complain(error)
            return
        self._on_disk = dict(timers)
        self._owed_firings = ()
        self._has_complained = False

    def _complain(self, error: Exception) -> None:
        """Tell once that timers are only in memory; again only after it has worked in between."""
        if self._has_complained:
            return
        self._has_complained = True
        hint = error.sentence if isinstance(error, StorageFailed) else "The disk takes very long to answer."
        sentence = "Timers cannot be saved at the moment; they run only until Vesper ends."
        self._bus.publish(Problem(code="timer.unsaved", sentence=sentence, hint=hint))


def _after_steps(timers: Mapping[str, Timer], taken: Iterable[Step]) -> _Change:
    """The timers after these steps, their firings, and what is told."""
    left = dict(timers)
    firings: list[Firing] = []
    events: list[TimerEvent] = []
    for step in taken:
        timer = step.timer
        if step.kind == "ring":
            left[timer.id] = schedule.ringing(timer)
            events.append(_event(TimerRang, timer))
        else:
            del left[timer.id]
            events.append(_event(TimerMissed, timer))
        firings.append(Firing(timer.fired_key, timer.id, _due(timer), "rang" if step.kind == "ring" else "missed"))
    return _Change(left, tuple(firings), tuple(events))


E = TypeVar("E", TimerRang, TimerStopped, TimerMissed)


def _event(kind: type[E], timer: Timer) -> E:
    return kind(timer_name=timer.name, due=_iso(_due(timer)), id=timer.id)


def _due(timer: Timer) -> datetime:
    assert timer.due is not None, "only a timer that is due is told of"
    return timer.due


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _plain(timer: Timer, moment: Moment) -> dict[str, Any]:
    return {
        "id": timer.id,
        "name": timer.name,
        "state": timer.state,
        "due": None if timer.due is None else _iso(timer.due),
        "remaining_s": round(schedule.remaining(timer, moment).total_seconds(), 3),
        "duration_s": timer.duration.total_seconds(),
    }


def _leave_to_caller(_task: str, _error: BaseException) -> None:
    """A change that fails raises at whoever asked for it; it is no failed task."""
