"""Whether a microphone that delivers is heard at all: a stream may run and carry nothing but zeros.

Even a silent room is noise in the last bits. Exact zeros come from a switch, a broken driver or a microphone that the
system keeps from Vesper.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vesper.ports.audio import SAMPLE_RATE, AudioFrame

SILENT_AFTER_S = 3.0
_SILENT_SAMPLES = round(SILENT_AFTER_S * SAMPLE_RATE)
_ZERO = 1e-6  # a thirtieth of the last bit of 16


class Audibility:
    """Counts zeros; `hear` tells of a change only. Time is counted in samples."""

    def __init__(self) -> None:
        self._zeros = 0
        self._is_audible: bool | None = None

    def hear(self, frames: Iterable[AudioFrame]) -> bool | None:
        """True with the first sound of a microphone or after silence, False after three seconds of zeros, else None."""
        for frame in frames:
            first = abs(float(frame.samples[0]))  # nearly always enough, and a tenth of the price
            is_zero = first < _ZERO and float(np.abs(frame.samples).max()) < _ZERO
            self._zeros = self._zeros + len(frame.samples) if is_zero else 0
        now = self._is_audible
        if not self._zeros:
            now = True
        elif self._zeros >= _SILENT_SAMPLES:
            now = False
        if now is self._is_audible:
            return None
        self._is_audible = now
        return now

    def reset(self) -> None:
        """Another microphone is heard from now on."""
        self._zeros = 0
        self._is_audible = None
