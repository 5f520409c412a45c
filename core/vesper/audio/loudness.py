"""How loud the microphone was: a gauge over some seconds of sound, cheap enough to run over every frame.

In silence nothing else looks at the sound but the wake word, and a microphone that delivers zeros, or almost nothing,
gives no error. This is what tells it from a quiet room. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vesper.ports.audio import SAMPLE_RATE, Samples

GAUGED_S = 5.0
"""Seconds of sound that one measurement stands for: 120 of them are ten minutes."""

LEAST_DBFS = -120.0
_MOMENT_SAMPLES = SAMPLE_RATE // 4


@dataclass(frozen=True, slots=True)
class Loudness:
    """`seconds` of sound in dB relative to full scale, at least -120: its RMS, its loudest sample, its quietest moment.

    `floor_dbfs`, the RMS of the quietest quarter of a second, is the noise of the room: speech has pauses, noise none.
    """

    seconds: float
    rms_dbfs: float
    peak_dbfs: float
    floor_dbfs: float


class LoudnessGauge:
    """Takes in frames and gives a measurement every five seconds of sound."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was not measured to its end (another microphone)."""
        self._energy = 0.0
        self._peak = 0.0
        self._count = 0
        self._moment = 0.0
        self._moment_count = 0
        self._floor = 1.0

    def take(self, samples: Samples) -> Loudness | None:
        """Take in a frame; the measurement, when it was the last one of its five seconds."""
        energy = float(np.dot(samples, samples))
        self._energy += energy
        self._follow_floor(energy, len(samples))
        self._peak = max(self._peak, float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))
        self._count += len(samples)
        if self._count < GAUGED_S * SAMPLE_RATE:
            return None
        rms = math.sqrt(self._energy / self._count)
        seconds = round(self._count / SAMPLE_RATE, 2)
        measured = Loudness(seconds, _dbfs(rms), _dbfs(self._peak), _dbfs(math.sqrt(self._floor)))
        self.reset()
        return measured

    def _follow_floor(self, energy: float, count: int) -> None:
        self._moment += energy
        self._moment_count += count
        if self._moment_count >= _MOMENT_SAMPLES:
            self._floor = min(self._floor, self._moment / self._moment_count)
            self._moment, self._moment_count = 0.0, 0


def _dbfs(amplitude: float) -> float:
    return round(max(LEAST_DBFS, 20.0 * math.log10(max(amplitude, 1e-6))), 1)
