"""The EventBus: everything that happens, told to everyone who asked.

Belongs to one event loop. `publish` never waits: every subscriber owns a bounded queue, and what does not fit
is dropped, oldest first, and counted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TypeVar

from vesper.base.clock import Clock
from vesper.base.errors import VesperError
from vesper.base.events import Event, Problem

E = TypeVar("E", bound=Event)


class Subscription:
    """One subscriber's queue; iterate it to receive events until it is closed."""

    def __init__(self, bus: EventBus, kinds: tuple[type[Event], ...], size: int) -> None:
        self._bus = bus
        self._kinds = kinds
        self._queue: deque[Event] = deque()
        self._size = size
        self._arrived = asyncio.Event()
        self._is_closed = False
        self.dropped = 0

    def offer(self, event: Event) -> None:
        """Take an event if this subscription is about it; called by the bus."""
        if self._kinds and not isinstance(event, self._kinds):
            return
        if len(self._queue) >= self._size:
            self._queue.popleft()
            self.dropped += 1
        self._queue.append(event)
        self._arrived.set()

    async def next(self) -> Event | None:
        """The next event in order; None once closed and empty."""
        while not self._queue:
            if self._is_closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        return self._queue.popleft()

    def taken(self) -> tuple[Event, ...]:
        """What is queued by now, taken out at once, for a subscriber that looks only now and then."""
        queued = tuple(self._queue)
        self._queue.clear()
        return queued

    def close(self) -> None:
        """End the subscription; what is queued can still be read."""
        self._is_closed = True
        self._arrived.set()
        self._bus.forget(self)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while (event := await self.next()) is not None:
            yield event


class EventBus:
    """Publishes events, stamped with the seconds since this bus was made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = clock.monotonic()
        self._subscriptions: list[Subscription] = []

    def since_start(self) -> float:
        """Seconds since the bus was made, on its clock; the `at` of an event published now."""
        return self._clock.monotonic() - self._start

    def publish(self, event: E) -> E:
        """Tell every subscriber; returns the event with its `at` filled in."""
        stamped = event if event.at is not None else replace(event, at=round(self.since_start(), 4))
        for subscription in tuple(self._subscriptions):
            subscription.offer(stamped)
        return stamped

    def tell(self, error: VesperError) -> None:
        """Publish an expected failure as a `problem`."""
        self.publish(Problem(code=error.code, sentence=error.sentence, hint=error.hint))

    def subscribe(self, *kinds: type[Event], size: int = 1000) -> Subscription:
        """Receive events of these kinds (all, when none is named) from now on."""
        subscription = Subscription(self, kinds, size)
        self._subscriptions.append(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Stop telling this subscription; called by its `close`."""
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)
