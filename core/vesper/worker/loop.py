"""An engine in the event loop itself, for calls that are measured under 3 ms. A stream gives way between its items."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from vesper.worker.messages import Reply, Request
from vesper.worker.performer import Performer


class LoopTransport:
    """Carries requests out at once, one step a turn of the loop; see `Transport`."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._take: Callable[[Reply], None] = lambda _: None
        self._waiting: list[Iterator[Reply]] = []
        self._is_over = False

    async def start(self, take: Callable[[Reply], None], gone: Callable[[str], None]) -> None:
        """See `Transport`. Nothing can end the engine but Vesper itself."""
        self._take = take

    async def prepared(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """See `Transport`; nothing is copied."""
        return args

    def send(self, request: Request) -> None:
        """See `Transport`."""
        if request.do == "cancel":
            self._performer.cancel(request.id)
            return
        self._waiting.append(self._performer.replies(request))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._step)

    async def stop(self) -> None:
        """See `Transport`."""
        self._is_over = True

    def kill(self) -> None:
        """See `Transport`."""
        self._is_over = True

    def _step(self) -> None:
        if self._is_over:
            return
        reply = next(self._waiting[0], None)
        if reply is None:
            self._waiting.pop(0)
        else:
            self._take(reply)
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._step)
