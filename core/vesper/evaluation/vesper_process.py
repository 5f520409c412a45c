"""A Vesper of its own, as a user starts one: a fresh process whose events are read and whose cost is measured.

What is measured is the whole family: the process and all its children. Memory is proportional (PSS) where the system
tells it, so that pages shared between them count once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from vesper.base.errors import EngineFailed
from vesper.base.tasks import TaskOwner

_MB = 1024 * 1024
_END_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of the main process and of the whole family."""

    main_mb: float
    all_mb: float


class Family:
    """A process and its children, whichever there are at the moment. Asks the system, so: in a thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def cpu_s(self) -> float:
        """CPU seconds of everyone who is alive. Children that end between two readings are missing in the second."""
        return sum(_cpu_s(member) for member in self._members())

    def memory(self) -> Memory:
        """What they take now."""
        main, *children = map(_memory_mb, self._members())
        return Memory(main, main + sum(children))

    def _members(self) -> list[psutil.Process]:
        try:
            main = psutil.Process(self._pid)
            return [main, *main.children(recursive=True)]
        except psutil.NoSuchProcess:
            raise EngineFailed("bench.ended", "Vesper ended while it was being measured.", "See its log.") from None


class RunningVesper:
    """A started `vesper …`; `events` are what it has printed so far with --json."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._arrived = asyncio.Event()
        self.events: list[dict[str, Any]] = []
        self.family = Family(process.pid)

    async def read(self) -> None:
        """Take in its output until that ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                self.events.append(json.loads(line))
            self._arrived.set()
        self._arrived.set()

    async def event(self, name: str, timeout_s: float) -> dict[str, Any]:
        """Wait for the first event of a name. Raises EngineFailed when it does not come or Vesper ends before it."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    for event in self.events:
                        if event.get("event") == name:
                            return event
                    if self._process.stdout is None or self._process.stdout.at_eof():
                        raise self._never(name)
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise self._never(name) from None

    def _never(self, name: str) -> EngineFailed:
        problems = [str(event.get("sentence")) for event in self.events if event.get("event") == "problem"]
        return EngineFailed("bench.silent", f'Vesper never published "{name}".', " ".join(problems))


@asynccontextmanager
async def running_vesper(
    home: Path, words: Sequence[str], *, environment: Mapping[str, str] | None = None
) -> AsyncGenerator[RunningVesper]:
    """Start `vesper` with these words in its own home; it is ended, in the end by force."""
    owner = TaskOwner("bench")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "vesper", "--home", str(home), *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    running = RunningVesper(process)
    reading = owner.start(running.read(), "read")
    try:
        yield running
    finally:
        await _end(process)
        await asyncio.wait({reading}, timeout=_END_TIMEOUT_S)
        await owner.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(_END_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _cpu_s(member: psutil.Process) -> float:
    try:
        times = member.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _memory_mb(member: psutil.Process) -> float:
    try:
        full = member.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return float(getattr(full, "pss", 0) or getattr(full, "uss", 0) or full.rss) / _MB
