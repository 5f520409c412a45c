"""Work in threads takes no virtual time: a test's clock stands still until every thread it handed work to is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

_LONGEST_S = 20.0


class ThreadWait:
    """Knows what the running loop has handed to threads since it was made (`asyncio.to_thread` and executors)."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._run = loop.run_in_executor
        self._working: set[asyncio.Future[Any]] = set()
        loop.run_in_executor = self._noted  # type: ignore[method-assign]

    async def done(self) -> None:
        """Wait in real time until no thread works any more, nor the work that followed from theirs."""
        async with asyncio.timeout(_LONGEST_S):
            while self._working:
                await asyncio.wait(set(self._working))
                for _ in range(5):  # who waited for them goes on, and may hand over more
                    await asyncio.sleep(0)

    def _noted(self, executor: Any, work: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        future = self._run(executor, work, *args)
        self._working.add(future)
        future.add_done_callback(self._working.discard)
        return future
