"""A pulse in Qt's thread: what holds the window up shows as a gap between two beats.

Two figures tell whose fault a gap is. Its length counts everything, also what a busy machine does to this process; the
processor time that Qt's thread has used in it counts the window's own work alone, and is the same on a busy machine.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5
BOUND_MS = 50.0


class Heartbeat:
    """Beats inside a `with` block, while Qt's loop runs; `gaps_ms` and `work_ms` are its figures, one a beat.

    At the end of the block it fails where the window itself worked longer than `bound_ms` in one go.
    """

    def __init__(self, bound_ms: float = BOUND_MS, parent: QObject | None = None) -> None:
        self.gaps_ms: list[float] = []
        self.work_ms: list[float] = []
        self._bound_ms = bound_ms
        self._timer = QTimer(parent, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> Self:
        self._last = time.perf_counter(), time.thread_time()
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
        return sum(gap for gap in self.gaps_ms if gap <= bound_ms) / sum(self.gaps_ms)

    def _beat(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.gaps_ms.append((now[0] - self._last[0]) * 1000)
        self.work_ms.append((now[1] - self._last[1]) * 1000)
        self._last = now
