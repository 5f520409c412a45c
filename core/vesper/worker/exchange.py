"""The requests that one running worker has not answered yet: ids, waiting callers, and the watchdog over the oldest.

Work is done in order, so the clock of a request starts when everything before it has been answered: a long call
does not make the short one behind it look hung.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vesper.base.errors import VesperError
from vesper.worker.messages import ENGINE, Do, Reply, Request


@dataclass(slots=True)
class _Pending:
    """A request that waits for replies; `deadline_s` is how long it may go without one."""

    method: str
    deadline_s: float
    replies: asyncio.Queue[Reply] = field(default_factory=asyncio.Queue[Reply])


class Exchange:
    """Sends requests with `send` and hands replies to whoever asked. Belongs to one event loop.

    `on_hung` is called with the method's name when the oldest request missed its deadline. Items of a stream
    wait unbounded: a stream is as long as one answer, and dropping a part of it would be heard.
    """

    def __init__(self, send: Callable[[Request], None], on_hung: Callable[[str], None]) -> None:
        self._send = send
        self._on_hung = on_hung
        self._pending: dict[int, _Pending] = {}
        self._next_id = 1
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a request has not been answered yet."""
        return bool(self._pending)

    async def call(self, request: Callable[[int], Request], deadline_s: float) -> Reply:
        """Send the request made for an id and wait for its one reply.

        Raises the VesperError that came instead.
        """
        number, pending = self._begin(request, deadline_s)
        try:
            return _or_raise(await pending.replies.get())
        finally:
            self._finish(number)

    async def stream(self, request: Callable[[int], Request], deadline_s: float) -> AsyncGenerator[Any, None]:
        """Send a request and yield the values of its items. Ending the iteration early cancels it there."""
        number, pending = self._begin(request, deadline_s)
        try:
            while (reply := _or_raise(await pending.replies.get())).kind == "item":
                yield reply.value
        finally:
            self._finish(number)

    def tell(self, do: Do, target: int = ENGINE, method: str = "", *, args: Any = (), kwargs: Any = None) -> None:
        """Send a request that is not answered."""
        number, self._next_id = self._next_id, self._next_id + 1
        self._send(Request(number, do, target, method, tuple(args), dict(kwargs or {})))

    def take(self, reply: Reply) -> None:
        """Hand on a reply that arrived; one for a caller who left is dropped."""
        pending = self._pending.get(reply.id)
        if pending is None:
            return
        pending.replies.put_nowait(reply)
        if reply.kind != "item":
            del self._pending[reply.id]
        self._watch()

    def fail(self, error: VesperError) -> None:
        """End every waiting request with this error."""
        for number, pending in self._pending.items():
            pending.replies.put_nowait(Reply(number, "error", error))
        self._pending.clear()
        self._watch()

    def _begin(self, request: Callable[[int], Request], deadline_s: float) -> tuple[int, _Pending]:
        number, self._next_id = self._next_id, self._next_id + 1
        made = request(number)
        self._send(made)
        pending = self._pending[number] = _Pending(made.method or made.do, deadline_s)
        if len(self._pending) == 1:
            self._watch()
        return number, pending

    def _finish(self, number: int) -> None:
        """The caller is gone; when the work is not, withdraw it."""
        if self._pending.pop(number, None) is not None:
            self._send(Request(number, "cancel"))
            self._watch()

    def _watch(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._pending:
            oldest = next(iter(self._pending.values()))
            self._alarm = asyncio.get_running_loop().call_later(oldest.deadline_s, self._on_hung, oldest.method)


def request_to(
    do: Do, target: int, method: str, *, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
) -> Callable[[int], Request]:
    """A request that only lacks its id."""
    return lambda number: Request(number, do, target, method, args, kwargs or {})


def _or_raise(reply: Reply) -> Reply:
    if reply.kind == "error":
        raise reply.value
    return reply
