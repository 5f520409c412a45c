"""A flag that one thread raises and coroutines of any loop wait for."""

from __future__ import annotations

import asyncio
import threading


class Flag:
    """Raised once, from any thread; `wait` returns at once when it is up already."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_raised = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    @property
    def is_raised(self) -> bool:
        """Whether it was raised."""
        return self._is_raised

    def raise_it(self) -> None:
        """Raise the flag and wake everyone who waits; the second time nothing happens."""
        with self._lock:
            self._is_raised = True
            waiting, self._waiting = self._waiting, []
        for loop, future in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_finish, future)

    async def wait(self) -> None:
        """Wait until the flag is raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            if self._is_raised:
                return
            self._waiting.append((loop, future))
        try:
            await future
        finally:
            with self._lock:
                self._waiting = [entry for entry in self._waiting if entry[1] is not future]


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
