"""A pulse in Qt's thread: what holds the window up shows as a gap between two beats.

Two figures tell whose fault a gap is, both in processor time, which is the same on a machine busy with other things:
what Qt's thread has used in it is the window's own work; what the whole process has used in it, up to the gap's length,
is how long some thread of Vesper's kept the window waiting.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5
BOUND_MS = 50.0


class Heartbeat:
    """Beats inside a `with` block, while Qt's loop runs; `held_ms` and `work_ms` are its figures, one a beat.

    At the end of the block it fails where the window itself worked longer than `bound_ms` in one go.
    """

    def __init__(self, bound_ms: float = BOUND_MS, parent: QObject | None = None) -> None:
        self.held_ms: list[float] = []
        self.work_ms: list[float] = []
        self._bound_ms = bound_ms
        self._timer = QTimer(parent, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> Self:
        self._last = times()
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._timer.stop()
        self._beat()
        if kind is None:
            assert max(self.work_ms) <= self._bound_ms, f"the window worked {self.slowest} ms in one go"

    @property
    def slowest(self) -> list[float]:
        """The five longest pieces of work in milliseconds, longest first."""
        return [round(ms, 1) for ms in sorted(self.work_ms, reverse=True)[:5]]

    def share_within(self, bound_ms: float) -> float:
        """The share of time that lay in gaps no longer than `bound_ms`: 1.0 when the window was always quick."""
        return sum(held for held in self.held_ms if held <= bound_ms) / sum(self.held_ms)

    def _beat(self) -> None:
        now = times()
        gap, process, own = ((new - old) * 1000 for new, old in zip(now, self._last, strict=True))
        self.held_ms.append(min(gap, process))
        self.work_ms.append(own)
        self._last = now


def times() -> tuple[float, float, float]:
    """Seconds on the clock, of processor time of this process, and of processor time of this thread."""
    return time.perf_counter(), time.process_time(), time.thread_time()
