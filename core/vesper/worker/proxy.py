"""`make_async`: the asynchronous port over a synchronous engine, wherever the engine runs."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any

from vesper.base.errors import WrongUsage
from vesper.base.tasks import TaskOwner
from vesper.worker.host import ChildTransport
from vesper.worker.loop import LoopTransport
from vesper.worker.messages import ENGINE, RemoteRef, Shape, Spec, load_class, shape_of
from vesper.worker.performer import Performer
from vesper.worker.supervisor import Line, OnRestart, Supervisor
from vesper.worker.thread import ThreadTransport
from vesper.worker.transport import Transport


def make_async(
    spec: Spec,
    *,
    owner: TaskOwner,
    on_restart: OnRestart | None = None,
    deadlines: Mapping[str, float] | None = None,
    make: Callable[[], Any] | None = None,
) -> EngineProxy:
    """An asynchronous proxy over the engine of `spec`, to be cast to the port of its role.

    Nothing runs until `await proxy.open()`. `owner` owns every task and child; `on_restart(engine, why)` is
    called after the engine died or hung and was started again; `deadlines` (seconds, by method; for streams
    between two items) go before those of the class. `make` makes the engine where its class needs arguments;
    an engine in a child is always made from its class alone.

    Raises WrongUsage for a place it cannot run in, ImportError when the engine's module is not there.
    """
    cls = load_class(spec.target)
    build, shape = make or cls, shape_of(cls)
    shape = replace(shape, deadlines={**shape.deadlines, **(deadlines or {})})
    places: Mapping[str, Callable[[], Transport]] = {
        "loop": lambda: LoopTransport(Performer(build)),
        "thread": lambda: ThreadTransport(spec.name, Performer(build)),
        "child": lambda: ChildTransport(spec.name, spec.target, owner),
    }
    if spec.runs not in places or (spec.runs == "child" and make is not None):
        raise WrongUsage("engine.place", f'The engine "{spec.name}" cannot be made to run in "{spec.runs}".')
    supervisor = Supervisor(spec.name, shape, places[spec.runs], owner=owner, on_restart=on_restart)
    return EngineProxy(shape, supervisor)


class EngineProxy:
    """Has the engine's public names: calls are coroutines, generator methods async iterators, posts plain.

    Properties hold the value they had when the engine was opened (or opened again).
    """

    def __init__(self, shape: Shape, supervisor: Supervisor) -> None:
        self._shape = shape
        self._supervisor = supervisor

    @property
    def is_working(self) -> bool:
        """Whether the engine owes an answer (a replayed recording lets it have its time)."""
        line = self._supervisor.line
        return line is not None and line.exchange.is_waiting

    async def open(self) -> None:
        """Start the engine where it runs. Raises what the engine's own `open` raises, or EngineFailed."""
        await self._supervisor.open()

    async def close(self) -> None:
        """Close the engine; within a second whatever it does. Safe to call twice."""
        await self._supervisor.close()

    def __getattr__(self, name: str) -> Any:
        if name in self._shape.calls:
            return partial(self._call, name)
        if name in self._shape.streams:
            return partial(self._stream, name)
        if name in self._shape.posts:
            return partial(self._post, name)
        line = self._supervisor.line
        if name in self._shape.properties and line is not None:
            return line.properties[name]
        raise AttributeError(name)

    async def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        line, value = await self._supervisor.call(method, args, kwargs)
        return RemoteObject(self._supervisor, line, value) if isinstance(value, RemoteRef) else value

    async def _stream(self, method: str, *args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
        line = await self._supervisor.ready()
        items = self._supervisor.stream_on(line, ENGINE, method, args=args, kwargs=kwargs)
        async with aclosing(items):
            async for item in items:
                yield item

    def _post(self, method: str, *args: Any, **kwargs: Any) -> None:
        if (line := self._supervisor.line) is not None:
            self._supervisor.post(line, ENGINE, method, args=args, kwargs=kwargs)


class RemoteObject:
    """An object that stayed where the engine runs, for instance one utterance being decoded.

    It lives as long as the engine's present life and this reference to it, whichever is shorter.
    """

    def __init__(self, supervisor: Supervisor, line: Line, ref: RemoteRef) -> None:
        self._supervisor = supervisor
        self._line = line
        self._ref = ref
        drop = partial(supervisor.drop, line, ref)
        weakref.finalize(self, _call_in, asyncio.get_running_loop(), drop).atexit = False

    def __getattr__(self, name: str) -> Any:
        shape = self._ref.shape
        if name in shape.posts:
            return partial(self._post, name)
        if name in shape.calls:
            return partial(self._call, name)
        if name in shape.streams:
            return partial(self._stream, name)
        raise AttributeError(name)

    def _post(self, method: str, *args: Any, **kwargs: Any) -> None:
        self._supervisor.post(self._line, self._ref.target, method, args=args, kwargs=kwargs)

    async def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return await self._supervisor.call_on(self._line, self._ref.target, method, args=args, kwargs=kwargs)

    def _stream(self, method: str, *args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
        return self._supervisor.stream_on(self._line, self._ref.target, method, args=args, kwargs=kwargs)


def _call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Call in the loop, from whichever thread the last reference to a remote object went away in."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
