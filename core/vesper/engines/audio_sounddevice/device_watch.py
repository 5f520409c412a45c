"""Notices that devices come, go or change, without touching PortAudio.

The sound server tells by itself (`pactl subscribe`, a child process for as long as Vesper watches). Where there is
none, the kernel's list of sound cards is read once a second. Elsewhere (macOS, Windows) a child with a PortAudio of
its own looks, so that no stream of Vesper is disturbed.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from vesper.engines.audio_sounddevice.sound_server import ServerState, SoundServer

_log = logging.getLogger(__name__)

# A plugged-in headset is a dozen events: those of one moment are looked at together.
_QUIET_S = 0.05
_RETRY_S = (0.5, 1.0, 2.0)
_CONNECTED_S = 0.5
_CARDS_EVERY_S = 1.0
_END_S = 2.0
_LISTER = (sys.executable, "-P", "-m", "vesper.engines.audio_sounddevice.list_devices")
# `pactl` does not notice that nobody reads any more, so a shell ends it when its own input ends: with Vesper, however
# that ends. The shell lets go of the output, so that the end of `pactl` is seen.
_UNTIL_INPUT_ENDS = '"$0" subscribe & told=$!; exec >/dev/null; cat; kill "$told" 2>/dev/null'
_CARDS = (Path("/proc/asound/cards"), Path("/proc/asound/pcm"))
_TOLD = (b"devices", b"on source #", b"on server", b"on card #", b"'new' on sink #", b"'remove' on sink #")


class DeviceWatch:
    """Calls `on_change` in a thread of its own; `close` ends thread and child."""

    def __init__(self, server: SoundServer, on_change: Callable[[], None]) -> None:
        self._server = server
        self._on_change = on_change
        self._is_closing = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="vesper-devices", daemon=True)
        self._seen: ServerState | list[str] | None = None

    @property
    def state(self) -> ServerState | None:
        """What the sound server had when it last told of a change; None without one."""
        return self._seen if isinstance(self._seen, ServerState) else None

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Watch no longer. Blocks for at most a few seconds."""
        self._is_closing.set()
        with self._lock:
            if self._child is not None:
                _let_go(self._child)
        if self._thread is not threading.current_thread():
            self._thread.join(_END_S)

    def _run(self) -> None:
        attempt = 0
        self._seen = self._look()
        while not self._is_closing.is_set():
            command, has_told = self._command(), False
            for is_told in self._told(command):
                has_told = has_told or is_told
                self._compare(is_known=command == _LISTER)
            # The server has ended, or was not there: that is a change as well.
            attempt = 0 if has_told else attempt + 1
            self._is_closing.wait(_RETRY_S[min(attempt, len(_RETRY_S) - 1)] if command else _CARDS_EVERY_S)
            self._compare()

    def _command(self) -> Sequence[str]:
        if (program := shutil.which("pactl")) is not None:
            return ("/bin/sh", "-c", _UNTIL_INPUT_ENDS, program)
        if sys.platform == "linux":
            return ()
        return _LISTER

    def _look(self) -> ServerState | list[str]:
        """What is compared: the server's devices, else the kernel's cards."""
        state = self._server.look()
        if state is not None:
            return state
        cards: list[str] = []
        for path in _CARDS:
            with contextlib.suppress(OSError):
                cards.append(path.read_text(errors="replace"))
        return cards

    def _compare(self, *, is_known: bool = False) -> None:
        if self._is_closing.is_set():
            return
        now = self._look()
        if is_known or now != self._seen:
            self._seen = now
            self._on_change()

    def _told(self, command: Sequence[str]) -> Iterator[bool]:
        """Yield True whenever the child has told of a change, until it ends; nothing at all without a child.

        And False once when the child has had time to connect: of what changed before, it tells nothing.
        """
        if not command or not self._begin(command):
            return
        child = self._child
        assert child is not None
        assert child.stdout is not None
        try:
            if command != _LISTER:
                self._is_closing.wait(_CONNECTED_S)
                yield False
            while lines := os.read(child.stdout.fileno(), 1 << 16):
                if any(mark in lines for mark in _TOLD):
                    self._is_closing.wait(_QUIET_S)
                    yield True
        finally:
            self._end(child)

    def _begin(self, command: Sequence[str]) -> bool:
        with self._lock:
            if self._is_closing.is_set():
                return False
            try:
                self._child = subprocess.Popen(
                    command,
                    env={**os.environ, "LC_ALL": "C.UTF-8"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except OSError as error:
                _log.info("devices are not watched: %s", error)
                return False
            return True

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._child = None
            _let_go(child)
        try:
            child.wait(_END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(_END_S)
        if child.stdout is not None:
            child.stdout.close()


def _let_go(child: subprocess.Popen[bytes]) -> None:
    """Close its input, with which it ends."""
    if child.stdin is not None:
        child.stdin.close()
