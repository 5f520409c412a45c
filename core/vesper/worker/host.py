"""The parent's side of an engine in a child process: starting it, its pipes, its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vesper.base.errors import BadInput, EngineFailed
from vesper.base.tasks import TaskOwner
from vesper.worker import wire
from vesper.worker.messages import Reply, Request

GRACE_S = 0.5
MOST_UNSENT = 64 << 20
"""Bytes that may wait for a child that does not read; beyond them one-way posts are dropped and counted."""

_QUIET_THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
_log = logging.getLogger(__name__)


class ChildTransport:
    """One child process with one engine; see `Transport`.

    A task of `owner` reads its replies, and ends the process when it is itself ended: no child outlives its
    owner. `dropped` counts the posts that a child did not fetch.
    """

    def __init__(self, name: str, target: str, owner: TaskOwner) -> None:
        self._name = name
        self._target = target
        self._owner = owner
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._crash_trace = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
        self._is_stopping = False
        self.dropped = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None before it was started."""
        return self._process.pid if self._process else None

    async def start(self, take: Callable[[Reply], None], gone: Callable[[str], None]) -> None:
        """See `Transport`."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "vesper.worker.child", self._target,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=self._crash_trace,
                env={**_QUIET_THREADS, **os.environ}, limit=1 << 20,
            )  # fmt: skip
        except OSError as error:
            raise EngineFailed("engine.not_started", f'The engine "{self._name}" could not be started.') from error
        self._reader = self._owner.start(self._read(take, gone), f"engine-{self._name}")

    async def prepared(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """See `Transport`: a grammar of 100,000 arcs takes 100 ms to pack."""
        packing = ThreadPoolExecutor(1, "wire")
        try:
            loop = asyncio.get_running_loop()
            return tuple([wire.Packed(await loop.run_in_executor(packing, wire.pack, value)) for value in args])
        finally:
            packing.shutdown(wait=False)

    def send(self, request: Request) -> None:
        """See `Transport`."""
        message = wire.pack(request)
        assert self._process is not None
        pipe = self._process.stdin
        assert pipe is not None
        if pipe.is_closing():
            return
        if request.do == "post" and pipe.transport.get_write_buffer_size() > MOST_UNSENT:
            self.dropped += 1
            return
        pipe.write(message)

    async def stop(self) -> None:
        """See `Transport`."""
        self._is_stopping = True
        if self._process is None or self._reader is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        await asyncio.wait({self._reader}, timeout=GRACE_S)
        self.kill()
        await asyncio.wait({self._reader}, timeout=GRACE_S)

    def kill(self) -> None:
        """See `Transport`."""
        self._is_stopping = True
        self._end()

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _read(self, take: Callable[[Reply], None], gone: Callable[[str], None]) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            while True:
                take(await _message(self._process.stdout))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except asyncio.CancelledError:
            self._is_stopping = True  # its owner is closing: nobody wants another one
            raise
        except BadInput as error:
            _log.error("engine %s: %s", self._name, error.sentence)
        finally:
            code = await self._reap()
            if not self._is_stopping:
                gone(f"ended with code {code}")
                await asyncio.to_thread(self._log_crash, code)
            self._crash_trace.close()

    async def _reap(self) -> int | None:
        """End the process, if it has not ended, and take its exit code."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S / 2):
                return await self._process.wait()
        self._end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                return await self._process.wait()
        return None

    def _log_crash(self, code: int | None) -> None:
        self._crash_trace.seek(0)
        trace = self._crash_trace.read()[-2000:].decode(errors="replace").strip()
        _log.info("engine %s ended with code %s%s", self._name, code, f"\n{trace}" if trace else "")


async def _message(pipe: asyncio.StreamReader) -> Reply:
    header, payload = wire.lengths(await pipe.readexactly(wire.PREFIX.size))
    return wire.unpack(await pipe.readexactly(header), await pipe.readexactly(payload))
