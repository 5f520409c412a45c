"""Every task has an owner and a name; when the owner closes, its tasks end, and a failure is told."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar, cast

T = TypeVar("T")
_log = logging.getLogger(__name__)

OnFailure = Callable[[str, BaseException], None]


def told_by_awaiting(_name: str, _error: BaseException) -> None:
    """For an owner whose tasks are all awaited: whoever awaits one learns of its failure."""


class TaskOwner:
    """Owns named tasks: they are cancelled together, and a failure reaches `on_failure(task name, error)`.

    Without `on_failure` a failed task is logged as an error, never lost.
    """

    def __init__(self, name: str, on_failure: OnFailure | None = None) -> None:
        self._name = name
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run `work` as a task called "owner/name" that this owner will end."""
        task = asyncio.get_running_loop().create_task(work, name=f"{self._name}/{name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel every task and wait until all have ended. Safe to call twice."""
        current = asyncio.current_task()
        tasks = [task for task in self._tasks if task is not current]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Wait until every task has ended by itself."""
        current = asyncio.current_task()
        while tasks := [task for task in self._tasks if task is not current]:
            await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        if self._on_failure is not None:
            self._on_failure(task.get_name(), error)
        else:
            _log.error("task %s failed", task.get_name(), exc_info=error)


async def in_own_thread(work: Callable[[], T], name: str) -> T:
    """Run long plain work in a thread that nobody waits for when the program ends.

    The threads of `asyncio.to_thread` are joined at the end, so ten seconds of work there are ten seconds in which
    Vesper cannot be closed. Only for work that may be thrown away at any moment.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if result.done():
            return
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(cast(T, value))

    def run() -> None:
        value: T | None = None
        failure: Exception | None = None
        try:
            value = work()
        except Exception as error:  # noqa: BLE001 (raised where it is awaited)
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await result
