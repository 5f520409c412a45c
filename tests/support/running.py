"""Vesper as a real process: started like a user starts it, watched by its events, ended like a system ends it.

Everything waits with a deadline; what is missing at the deadline is told together with what was there.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

Event = dict[str, Any]
COMMAND = (sys.executable, "-m", "vesper")
START_S = 40.0
END_S = 15.0


class RunningVesper:
    """One `vesper …` process; `events` are the JSON lines it has printed so far, `stderr` its words for people.

    `before` is a command that starts it (`unshare`, `env -u`), with which it has its process in common.
    """

    def __init__(
        self, *words: str, home: Path, env: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> None:
        self.home = home
        self.events: list[Event] = []
        self._arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._env = environment(home, env)
        self._stderr = (home.parent / f"stderr-{time.monotonic_ns()}.txt").open("w+b")
        self.process = subprocess.Popen(
            [*before, *COMMAND, *words],
            env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._stderr,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name="events of vesper", daemon=True)
        self._reader.start()

    @property
    def stderr(self) -> str:
        """What it has told people so far."""
        return Path(self._stderr.name).read_text(encoding="utf-8", errors="replace")

    def until(self, name: str, *, within: float = 20.0, where: Callable[[Event], bool] = bool) -> Event:
        """The next event of this name for which `where` holds, among those that nobody has waited for yet."""
        deadline, passed = time.monotonic() + within, len(self.events)
        while True:
            event = self._next(deadline - time.monotonic())
            if event is None:
                told = [json.dumps(e) for e in self.events[max(0, passed - 5) :]]
                raise AssertionError(f"no {name} within {within} s; there came {told}; stderr: {self.stderr[-2000:]}")
            if event.get("event") == name and where(event):
                return event

    def pass_by(self, seconds: float) -> list[Event]:
        """Let real time pass, and give the events that came meanwhile."""
        deadline, before = time.monotonic() + seconds, len(self.events)
        while self._next(deadline - time.monotonic()) is not None:
            pass
        return self.events[before:]

    def send(self, *words: str, within: float = 20.0) -> subprocess.CompletedProcess[str]:
        """Another `vesper …` for the same home, to its end."""
        return vesper(*words, home=self.home, env=self._env, within=within)

    def children(self) -> list[psutil.Process]:
        """Its living child processes, theirs included."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait for the end; the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(END_S)
        took = time.monotonic() - begun
        self._reader.join(5)
        return took

    def close(self) -> None:
        """End it in any case, and give back what it held."""
        if self.process.poll() is None:
            with contextlib.suppress(psutil.Error):
                for child in self.children():
                    child.kill()
            self.process.kill()
            self.process.wait(END_S)
        self._reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._stderr.close()

    def _next(self, seconds: float) -> Event | None:
        with contextlib.suppress(queue.Empty):
            event = self._arrived.get(timeout=max(0.0, seconds))
            if event is not None:
                self.events.append(event)
                return event
        return None

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                self._arrived.put(json.loads(line))
        self._arrived.put(None)


@contextlib.contextmanager
def running(
    *words: str, home: Path, env: Mapping[str, str] | None = None, before: Sequence[str] = ()
) -> Iterator[RunningVesper]:
    """A Vesper that runs inside the block, and not behind it."""
    started = RunningVesper(*words, home=home, env=env, before=before)
    try:
        yield started
    finally:
        started.close()


@contextlib.contextmanager
def listening(home: Path, env: Mapping[str, str]) -> Iterator[RunningVesper]:
    """`vesper listen --json`, once it listens and its recognisers are there."""
    with running("listen", "--json", home=home, env=env) as started:
        started.until("listening.armed", within=START_S)
        yield started


def vesper(
    *words: str,
    home: Path,
    env: Mapping[str, str] | None = None,
    within: float = 60.0,
    before: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """One `vesper …` to its end, as text."""
    return subprocess.run(
        [*before, *COMMAND, *words],
        env=environment(home, env), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within,
        check=False,
    )  # fmt: skip


def until_it_saves(ask: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Wait until a starting Vesper has opened its data; `ask(*words)` is another `vesper …` for the same home."""
    deadline = time.monotonic() + START_S
    while True:
        stages = {stage["stage"]: stage for stage in json.loads(ask("selfcheck", "--json").stdout)["stages"]}
        if stages["storage"]["state"] == "ok":
            return
        assert time.monotonic() < deadline, stages["storage"]


def environment(home: Path, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of a user whose Vesper lives in `home`."""
    return {**(os.environ if env is None else env), "VESPER_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def sentence_of(done: subprocess.CompletedProcess[str]) -> str:
    """The one calm line with which a command failed; fails for a traceback, a silent end or more than two lines."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert "Traceback" not in done.stderr, done.stderr
    assert 1 <= len(lines) <= 2, f"{done.returncode}: {done.stderr!r}, {done.stdout!r}"
    return " ".join(lines)
