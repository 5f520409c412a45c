"""Time as something that is handed in, so that a day passes in a test in milliseconds.

Behaviour (follow-up window, snooze, timers) waits on a Clock. Listening counts samples instead, and watchdogs
over real processes use `asyncio.timeout`: those two must not be virtual.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Where Vesper reads the time and waits."""

    def now(self) -> datetime:
        """The wall clock as an aware datetime in UTC."""
        ...

    def local_zone(self) -> tzinfo:
        """The time zone the user lives in."""
        ...

    def monotonic(self) -> float:
        """Seconds since some start; never jumps back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a negative or zero time only yields to other tasks."""
        ...


def local_now(clock: Clock) -> datetime:
    """The user's wall clock: aware, in their zone."""
    return clock.now().astimezone(clock.local_zone())


class SystemClock:
    """The real clock."""

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)  # noqa: TID251 (this is the Clock)

    def local_zone(self) -> tzinfo:
        """The zone of the system, read anew each time: people travel."""
        zone = datetime.now().astimezone().tzinfo  # noqa: TID251 (this is the Clock)
        assert zone is not None
        return zone

    def monotonic(self) -> float:
        """The system's monotonic clock in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(max(0.0, seconds))  # noqa: TID251 (this is the Clock)


class VirtualClock:
    """A clock that stands still until `advance` is called; sleepers wake in the order of their times.

    `advance` is a coroutine: between two wake-ups it lets every ready task run, so that what a woken task does
    (sleep again, for instance) happens at the virtual moment it belongs to. `set_wall` makes the wall clock
    jump, as a user or a time server does, without touching the monotonic one.
    """

    def __init__(self, start: datetime | None = None, zone: tzinfo = UTC) -> None:
        self._wall = start or datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self._zone = zone
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.on_advance: Callable[[float], None] | None = None

    def now(self) -> datetime:
        """The virtual wall clock in UTC."""
        return self._wall

    def local_zone(self) -> tzinfo:
        """The zone given at construction."""
        return self._zone

    def monotonic(self) -> float:
        """Virtual seconds since construction."""
        return self._elapsed

    def set_wall(self, moment: datetime) -> None:
        """Let the wall clock jump to `moment` (aware)."""
        self._wall = moment.astimezone(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)  # noqa: TID251 (this is the Clock)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move both clocks forward, waking sleepers on the way."""
        target = self._elapsed + seconds
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, future = heapq.heappop(self._sleepers)
            self._move_to(max(due, self._elapsed))
            if not future.done():
                future.set_result(None)
            await self._settle()
        self._move_to(target)
        await self._settle()

    def _move_to(self, moment: float) -> None:
        self._wall += timedelta(seconds=moment - self._elapsed)
        self._elapsed = moment
        if self.on_advance is not None:
            self.on_advance(moment)

    @staticmethod
    async def _settle(rounds: int = 20) -> None:
        """Let tasks that became ready run; a fixed number of rounds keeps `advance` from hanging on a busy one."""
        for _ in range(rounds):
            await asyncio.sleep(0)  # noqa: TID251 (this is the Clock)
