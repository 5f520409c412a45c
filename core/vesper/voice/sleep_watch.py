"""Whether the machine has slept since somebody last asked.

On Linux and macOS the monotonic clock stands still in sleep while the wall clock goes on; on Windows both go on, and
only the missing ticks tell. A clock that was set by hand looks the same: whoever asks must be able to bear a mistake.
"""

from __future__ import annotations

from vesper.base.clock import Clock

_SLEPT_S = 3.0
_MISSED_TICKS_S = 10.0


class SleepWatch:
    """Asked about once a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked_at = clock.monotonic()
        self._asked_on = clock.now()

    def has_slept(self) -> bool:
        """Whether there was a sleep of more than a few seconds since the last question."""
        at, on = self._clock.monotonic(), self._clock.now()
        ran_s, passed_s = at - self._asked_at, (on - self._asked_on).total_seconds()
        self._asked_at, self._asked_on = at, on
        return passed_s - ran_s > _SLEPT_S or ran_s > _MISSED_TICKS_S
