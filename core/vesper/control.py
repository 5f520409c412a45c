"""One running Vesper a home, and how other commands reach it: a lock, then a socket, one JSON line a call.

The order is lock, then socket: who holds the lock is the running instance, so a socket file left behind by a killed
one is simply replaced. The lock is the system's (it ends with the process, also after kill -9). A line is
`{"call": name, "args": {…}}`, the answer `{"result": …}` or `{"error": {code, sentence, hint}, "exit_code": n}`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from vesper.base.errors import Missing, StorageFailed, VesperError, WrongUsage, unexpected
from vesper.base.paths import UserPaths
from vesper.base.tasks import TaskOwner

Calls = Mapping[str, Callable[..., Awaitable[Any]]]

_LONGEST_SOCKET_PATH = 100
_LONGEST_LINE = 1_000_000
_CONNECT_TIMEOUT_S = 2.0


def control_address(paths: UserPaths) -> str:
    """Where the running instance of this home listens: a socket's path, on Windows a named pipe.

    The socket lies in the home; where its path would be too long for the system it lies in the user's run-time
    folder under a name made from the home.
    """
    name = hashlib.sha256(str(paths.data).encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\vesper-{name}"
    path = paths.data / "control.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return str(path)
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return str(folder / f"vesper-{os.getuid()}-{name}.sock")


class InstanceLock:
    """Held by the running instance from its start to its end."""

    def __init__(self, paths: UserPaths) -> None:
        self._path = paths.data / "vesper.lock"
        self._file: BinaryIO | None = None

    def take(self) -> bool:
        """Take the lock; False when another Vesper of this home has it.

        Raises StorageFailed when the home cannot be written at all.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = self._path.open("ab")
        except OSError as error:
            raise StorageFailed(
                "home.unwritable",
                f"Vesper's folder cannot be written: {error.strerror}.",
                f"Make {self._path.parent} writable, or choose another folder with --home.",
            ) from error
        if _locked(self._file):
            return True
        self._file.close()
        self._file = None
        return False

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _locked(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class ControlServer:
    """Answers the calls of other commands with those of the running assistant."""

    def __init__(self, address: str, calls: Calls) -> None:
        self._address = address
        self._calls = calls
        self._owner = TaskOwner("control")
        self._server: asyncio.AbstractServer | None = None

    async def start(self) -> None:
        """Listen. The caller holds the InstanceLock, so a socket file that is there is a dead one's."""
        if sys.platform == "win32":
            await self._start_pipe()
            return
        await asyncio.to_thread(Path(self._address).unlink, missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._address, limit=_LONGEST_LINE)
        await asyncio.to_thread(Path(self._address).chmod, 0o600)

    async def close(self) -> None:
        """Stop listening and end the open connections."""
        await self._owner.close()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            await asyncio.to_thread(Path(self._address).unlink, missing_ok=True)

    async def _start_pipe(self) -> None:
        loop = cast(Any, asyncio.get_running_loop())  # only the Windows loop has start_serving_pipe

        def connected() -> asyncio.StreamReaderProtocol:
            return asyncio.StreamReaderProtocol(asyncio.StreamReader(limit=_LONGEST_LINE), self._serve)

        await loop.start_serving_pipe(connected, self._address)

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Plain, because asyncio 3.11 logs an error for a coroutine here that is cancelled."""
        self._owner.start(self._answer_lines(reader, writer), "connection")

    async def _answer_lines(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            return  # the other side went away, or sent more than a line may hold
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request: dict[str, Any] = json.loads(line)
            call = self._calls[request["call"]]
            return {"result": await call(**request.get("args", {}))}
        except (ValueError, KeyError, TypeError):
            wrong = WrongUsage("control.call", "The running Vesper does not know this call.", "Restart Vesper.")
            return _as_answer(wrong)
        except Exception as error:  # noqa: BLE001 (told to the caller, whatever it is)
            return _as_answer(unexpected(error))


def _as_answer(error: VesperError) -> dict[str, Any]:
    return {"error": error.as_dict(), "exit_code": error.exit_code}


class ControlClient:
    """A command's connection to the running instance. Blocking: commands are short."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def call(self, name: str, /, **args: Any) -> Any:
        """Have the running instance do something; raises its error as a VesperError."""
        try:
            self._stream.write(json.dumps({"call": name, "args": args}).encode() + b"\n")
            self._stream.flush()
            line = self._stream.readline()
        except OSError:
            line = b""
        if not line:
            raise Missing("control.lost", "Vesper ended before it could answer.", "Try again.")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            error = VesperError(**answer["error"])
            error.exit_code = int(answer["exit_code"])
            raise error
        return answer["result"]

    def close(self) -> None:
        """End the connection."""
        self._stream.close()


def connect(paths: UserPaths) -> ControlClient | None:
    """A connection to the running instance of this home, or None when there is none."""
    address = control_address(paths)
    try:
        if sys.platform == "win32":
            return ControlClient(cast(BinaryIO, Path(address).open("r+b", buffering=0)))
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_CONNECT_TIMEOUT_S)
        connection.connect(address)
        connection.settimeout(None)
        return ControlClient(cast(BinaryIO, connection.makefile("rwb")))
    except OSError:
        return None
