"""Keeps one engine running: opens it, watches its deadlines, starts it again, and repeats what it must know."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import EngineFailed, VesperError
from vesper.base.tasks import TaskOwner
from vesper.worker.exchange import Exchange, request_to
from vesper.worker.messages import ENGINE, RemoteRef, Reply, Shape
from vesper.worker.transport import Transport

OnRestart = Callable[[str, str], None]

DEADLINE_S = 10.0
OPEN_DEADLINE_S = 30.0
CLOSE_DEADLINE_S = 0.4
STEADY_S = 60.0
"""A life longer than this makes the next crash a first one again."""
LONGEST_PAUSE_S = 30.0

_log = logging.getLogger(__name__)


class Line:
    """One life of the engine: its transport, the open requests, the values of its properties."""

    def __init__(self, transport: Transport, on_lost: Callable[[Line, str], None]) -> None:
        self.transport = transport
        self.exchange = Exchange(transport.send, lambda method: on_lost(self, f"hung in {method}"))
        self.properties: Mapping[str, Any] = {}
        self.is_over = False
        self._on_lost = on_lost

    async def start(self) -> None:
        """Start the transport. Raises EngineFailed."""
        await self.transport.start(self.exchange.take, lambda why: self._on_lost(self, why))


class Supervisor:
    """Calls, streams and posts to an engine that may die; `name` is the engine's, `shape` its class's.

    When the engine ends or misses a deadline, every waiting caller gets EngineFailed, a new one is started
    (at once the first time, after growing pauses when it keeps dying), its sticky calls are repeated, and
    `on_restart(name, why)` is called. Calls made meanwhile wait for it. Remote objects end with their life.
    """

    def __init__(
        self,
        name: str,
        shape: Shape,
        transport: Callable[[], Transport],
        *,
        owner: TaskOwner,
        on_restart: OnRestart | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._name = name
        self._shape = shape
        self._make_transport = transport
        self._owner = owner
        self._on_restart = on_restart
        self._deadlines = {"open": OPEN_DEADLINE_S, **shape.deadlines}
        self._clock = clock or SystemClock()
        self._line: Line | None = None
        self._restart: asyncio.Task[VesperError | None] | None = None
        self._sticky: dict[str, tuple[tuple[Any, ...], Mapping[str, Any]]] = {}
        self._early_ends = 0
        self._started_at = 0.0
        self._is_closed = True

    @property
    def line(self) -> Line | None:
        """The present life, None while there is none."""
        return self._line

    async def open(self) -> None:
        """Start the engine and open it. Raises what its `open` raises, or EngineFailed."""
        self._is_closed = False
        if self._line is None:
            await self._start()

    async def close(self) -> None:
        """Close the engine and end the place it runs in, within a second. Safe to call twice."""
        self._is_closed = True
        line, self._line = self._line, None
        if self._restart is not None:
            self._restart.cancel()
        if line is None:
            return
        line.is_over = True
        try:
            async with asyncio.timeout(CLOSE_DEADLINE_S):
                await line.exchange.call(request_to("close", ENGINE, ""), CLOSE_DEADLINE_S * 2)
        except (TimeoutError, VesperError) as error:
            _log.info("engine %s did not close by itself: %s", self._name, type(error).__name__)
        line.exchange.fail(self._closed())
        await line.transport.stop()

    async def ready(self) -> Line:
        """The present life of the engine; waits while it is being started again.

        Raises EngineFailed or what its `open` raised when it cannot be.
        """
        if self._line is not None:
            return self._line
        if self._is_closed:
            raise self._closed()
        if self._restart is None or self._restart.done():
            self._restart = self._owner.start(self._start_again("asked again"), f"restart-{self._name}")
        restart = self._restart
        await asyncio.wait({restart}, timeout=self._deadlines["open"])
        if restart.done() and not restart.cancelled() and (failure := restart.result()) is not None:
            raise failure
        if self._line is None:
            raise EngineFailed("engine.restarting", f'The engine "{self._name}" is starting again.', "Try once more.")
        return self._line

    async def call(self, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Line, Any]:
        """Call the engine itself: the life that answered, and the value (a RemoteRef for what stays there)."""
        line = await self.ready()
        if method in self._shape.sticky:
            args = await line.transport.prepared(args)
        value = await self.call_on(line, ENGINE, method, args=args, kwargs=kwargs)
        if method in self._shape.sticky:
            self._sticky[method] = (args, kwargs)
        return line, value

    async def call_on(
        self, line: Line, target: int, method: str, *, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """Call an object of this life. Raises EngineFailed when that life is over."""
        self._check(line)
        request = request_to("call", target, method, args=args, kwargs=kwargs)
        return (await self._logged(line.exchange.call(request, self._deadline(method)))).value

    async def stream_on(
        self, line: Line, target: int, method: str, *, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> AsyncGenerator[Any, None]:
        """The items of a generator method of an object of this life. Raises EngineFailed."""
        self._check(line)
        request = request_to("stream", target, method, args=args, kwargs=kwargs)
        items = line.exchange.stream(request, self._deadline(method))
        async with aclosing(items):
            async for item in items:
                yield item

    def post(self, line: Line, target: int, method: str, *, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Call without waiting; nothing happens when that life is over."""
        if not line.is_over:
            line.exchange.tell("post", target, method, args=args, kwargs=kwargs)

    def drop(self, line: Line, ref: RemoteRef) -> None:
        """Let the engine's side forget a remote object."""
        if not line.is_over:
            line.exchange.tell("drop", ref.target)

    def _deadline(self, method: str) -> float:
        return self._deadlines.get(method, DEADLINE_S)

    def _check(self, line: Line) -> None:
        if line.is_over:
            raise EngineFailed("engine.restarted", f'The engine "{self._name}" was started again meanwhile.')

    def _closed(self) -> EngineFailed:
        return EngineFailed("engine.closed", f'The engine "{self._name}" is closed.')

    async def _logged(self, reply: Any) -> Reply:
        try:
            return await reply
        except EngineFailed as error:
            if error.code == "engine.failed":
                _log.error("engine %s: %s", self._name, error.hint)
            raise

    async def _start(self) -> None:
        line = Line(self._make_transport(), self._lost)
        self._started_at = self._clock.monotonic()
        try:
            await line.start()
            opening = line.exchange.call(request_to("open", ENGINE, ""), self._deadlines["open"])
            line.properties = (await self._logged(opening)).value
            for method, (args, kwargs) in self._sticky.items():
                await self.call_on(line, ENGINE, method, args=args, kwargs=kwargs)
        except BaseException:
            line.is_over = True
            line.transport.kill()
            raise
        self._line = line

    def _lost(self, line: Line, why: str) -> None:
        """The engine ended or hung: tell who waits, and start another if this one was in use."""
        if line.is_over:
            return
        line.is_over = True
        line.transport.kill()
        code = "engine.hung" if why.startswith("hung") else "engine.died"
        line.exchange.fail(EngineFailed(code, f'The engine "{self._name}" {why} and is started again.', "Try again."))
        if line is self._line and not self._is_closed:
            self._line = None
            self._restart = self._owner.start(self._start_again(why), f"restart-{self._name}")

    async def _start_again(self, why: str) -> VesperError | None:
        """One attempt, after a pause if the last life was short; what went wrong, or None."""
        lived_s = self._clock.monotonic() - self._started_at
        self._early_ends = 0 if lived_s > STEADY_S else self._early_ends + 1
        await self._clock.sleep(0.0 if self._early_ends <= 1 else min(LONGEST_PAUSE_S, 0.125 * 2**self._early_ends))
        try:
            await self._start()
        except VesperError as error:
            _log.warning("engine %s could not be started again: %s", self._name, error.code)
            return error
        _log.warning("engine %s was started again: %s", self._name, why)
        if self._on_restart is not None:
            self._on_restart(self._name, why)
        return None
