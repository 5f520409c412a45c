"""An engine that behaves and misbehaves on request, for tests of the places engines run in."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from vesper.base.errors import Missing

release = threading.Event()
"""Lets what hangs in this process go on."""


class ToyStream:
    """A remote object that counts samples."""

    REMOTE = True
    ONE_WAY = ("feed",)

    def __init__(self) -> None:
        self._count = 0

    def feed(self, samples: Any) -> None:
        if samples is None:
            raise ValueError("a private sentence")
        self._count += len(samples)

    def counted(self) -> int:
        return self._count


class ToyEngine:
    """Remembers, counts, waits, fails, prints, crashes."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)
    DEADLINES: ClassVar[dict[str, float]] = {"hang": 0.2, "slow_items": 0.2}

    def __init__(self) -> None:
        self._loaded: Any = None
        self._calls = 0

    @property
    def info(self) -> dict[str, int]:
        return {"pid": os.getpid(), "thread": threading.get_ident()}

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def load(self, value: Any) -> int:
        self._loaded = value
        return 1

    def loaded(self) -> Any:
        return self._loaded

    def echo(self, value: Any) -> Any:
        self._calls += 1
        return value

    def calls(self) -> int:
        return self._calls

    def start(self) -> ToyStream:
        return ToyStream()

    def count(self, until: int) -> Iterator[int]:
        for number in range(until):
            self._calls += 1
            yield number

    def slow_items(self) -> Iterator[int]:
        yield 1
        time.sleep(10)
        yield 2

    def hang(self) -> None:
        release.wait(10)

    def hang_with_the_lock(self) -> None:
        """Hold the interpreter's lock in native code, as pocketsphinx does."""
        import ctypes

        ctypes.PyDLL(None).sleep(10)

    def die(self) -> None:
        os.abort()

    def miss(self) -> None:
        raise Missing("toy.missing", "The toy is not here.", "Look under the sofa.")

    def bug(self) -> None:
        raise ValueError("a private sentence")

    def odd(self) -> object:
        """Something that may not cross between processes."""
        return threading.Lock()

    def noise(self, samples: int) -> Any:
        return np.zeros(samples, np.float32)


class TalkativeToy(ToyEngine):
    """Prints, as libraries do, into the very channel that a child answers on."""

    def open(self) -> None:
        sys.stdout.write("printed by a library\n" * 100)
        sys.stdout.flush()
        os.write(1, b"written by a C library\n")
        os.write(2, b"a private sentence\n")


class BrokenToy(ToyEngine):
    """Cannot be opened."""

    def open(self) -> None:
        raise Missing("toy.missing", "The toy is not here.", "Look under the sofa.")
