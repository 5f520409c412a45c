"""An engine in a thread of its own: for calls that wait or compute with the GIL given back, and never crash."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from vesper.worker.messages import Reply, Request
from vesper.worker.performer import Performer

GRACE_S = 0.5

T = TypeVar("T")


class ThreadTransport:
    """Carries requests out in one daemon thread; see `Transport`.

    A thread cannot be killed: one that hangs is left behind, its late replies are dropped, and it ends with the
    process. Engines that may hang for good belong in a child.
    """

    def __init__(self, name: str, performer: Performer) -> None:
        self._performer = performer
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"engine-{name}", daemon=True)
        self._is_over = threading.Event()
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._take: Callable[[Reply], None] = lambda _: None

    async def start(self, take: Callable[[Reply], None], gone: Callable[[str], None]) -> None:
        """See `Transport`. A thread does not end by itself."""
        self._loop = asyncio.get_running_loop()
        self._take = take
        self._thread.start()

    async def prepared(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """See `Transport`; nothing is copied."""
        return args

    def send(self, request: Request) -> None:
        """See `Transport`."""
        if request.do == "cancel":
            self._performer.cancel(request.id)
        else:
            self._requests.put(request)

    async def stop(self) -> None:
        """See `Transport`."""
        self._requests.put(None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await self._ended.wait()
        self._is_over.set()

    def kill(self) -> None:
        """See `Transport`; the thread ends when its present call returns."""
        self._is_over.set()
        self._requests.put(None)

    def _work(self) -> None:
        while (request := self._requests.get()) is not None and not self._is_over.is_set():
            for reply in self._performer.replies(request):
                if not self._tell(self._deliver, reply):
                    return
        self._tell(lambda _: self._ended.set(), None)

    def _deliver(self, reply: Reply) -> None:
        if not self._is_over.is_set():
            self._take(reply)

    def _tell(self, call: Callable[[T], None], value: T) -> bool:
        """Call in the loop; False when there is no loop any more."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(call, value)
        except RuntimeError:
            return False
        return True
