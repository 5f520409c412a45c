"""Does what is requested of one engine, in the place where the engine runs: child, thread or loop.

Requests are carried out one after the other, in their order, so an engine never meets two calls at once.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

from vesper.base.errors import EngineFailed, VesperError
from vesper.worker.messages import ENGINE, RemoteRef, Reply, Request, shape_of


class Performer:
    """Owns the engine that `make` makes when it is opened, and the remote objects it handed out.

    `cancel` may be called from another thread; everything else belongs to one.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._objects: dict[int, Any] = {}
        self._next_target = ENGINE + 1
        self._cancelled: set[int] = set()
        self._failed_posts: dict[int, VesperError] = {}

    def cancel(self, request: int) -> None:
        """Let the request with this id end before its next step."""
        self._cancelled.add(request)

    def replies(self, request: Request) -> Iterator[Reply]:
        """Carry out a request step by step; each step ends with a reply. Never raises."""
        self._cancelled = {number for number in self._cancelled if number >= request.id}
        if request.id in self._cancelled:
            return
        try:
            yield from self._do(request)
        except VesperError as error:
            yield from self._failed(request, error)
        except Exception as error:  # noqa: BLE001 (a bug in an engine must reach the caller, wherever it runs)
            yield from self._failed(request, _as_engine_failure(request, error))

    def _do(self, request: Request) -> Iterator[Reply]:
        if request.do == "stream":
            yield from self._stream(request)
        elif request.do == "call":
            yield self._call(request)
        elif request.do == "post":
            self._method(request)(*request.args, **request.kwargs)
        elif request.do == "drop":
            self._objects.pop(request.target, None)
            self._failed_posts.pop(request.target, None)
        elif request.do == "open":
            yield Reply(request.id, "result", self._open())
        elif request.do == "close":
            self.close()
            yield Reply(request.id, "result")

    def close(self) -> None:
        """Forget the remote objects and close the engine, if it was made."""
        engine = self._objects.get(ENGINE)
        self._objects.clear()
        if engine is not None:
            engine.close()

    def _open(self) -> dict[str, Any]:
        """Make and open the engine; the values of its properties."""
        engine = self._objects[ENGINE] = self._make()
        engine.open()
        return {name: getattr(engine, name) for name in shape_of(engine.__class__).properties}

    def _method(self, request: Request) -> Callable[..., Any]:
        if request.target not in self._objects:
            raise EngineFailed("engine.forgotten", "What was asked for no longer exists in the engine.")
        return getattr(self._objects[request.target], request.method)

    def _call(self, request: Request) -> Reply:
        if failed := self._failed_posts.pop(request.target, None):
            raise failed
        value = self._method(request)(*request.args, **request.kwargs)
        if not getattr(value, "REMOTE", False):
            return Reply(request.id, "result", value)
        target, self._next_target = self._next_target, self._next_target + 1
        self._objects[target] = value
        return Reply(request.id, "handle", RemoteRef(target, shape_of(value.__class__)))

    def _stream(self, request: Request) -> Iterator[Reply]:
        items = self._method(request)(*request.args, **request.kwargs)
        try:
            for item in items:
                if request.id in self._cancelled:
                    return
                yield Reply(request.id, "item", item)
        finally:
            items.close()
        yield Reply(request.id, "end")

    def _failed(self, request: Request, error: VesperError) -> Iterator[Reply]:
        """A failed post is told by the next call on the same object: nobody waits for the post itself."""
        if request.do == "post":
            self._failed_posts[request.target] = error
        else:
            yield Reply(request.id, "error", error)


def _as_engine_failure(request: Request, error: Exception) -> EngineFailed:
    """A bug in an engine, told by type and place alone: its message may hold what a person said."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
    return EngineFailed(
        "engine.failed",
        "A part of Vesper failed while it was working.",
        f"{type(error).__name__} in {request.method or request.do}, at {place}.",
    )
