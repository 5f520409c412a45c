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
_MOMENTS = round(GAUGED_S * SAMPLE_RATE / _MOMENT_SAMPLES)


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
    """Takes in frames and gives a measurement every five seconds of sound.

    Sound is looked at a quarter of a second at a time: frame by frame it would cost twenty times as much.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was not measured to its end (another microphone)."""
        self._frames: list[Samples] = []
        self._waiting = 0
        self._moments: list[float] = []
        self._peak = 0.0

    def take(self, samples: Samples) -> Loudness | None:
        """Take in a frame; the measurement, when it was the last one of its five seconds."""
        self._frames.append(samples)
        self._waiting += len(samples)
        if self._waiting < _MOMENT_SAMPLES:
            return None
        moment = np.concatenate(self._frames)
        self._frames, self._waiting = [], 0
        self._peak = max(self._peak, float(moment.max()), -float(moment.min()))
        self._moments.append(float(np.dot(moment, moment)) / len(moment))
        return self._measured() if len(self._moments) == _MOMENTS else None

    def _measured(self) -> Loudness:
        mean = sum(self._moments) / len(self._moments)
        measured = Loudness(GAUGED_S, _dbfs(math.sqrt(mean)), _dbfs(self._peak), _dbfs(math.sqrt(min(self._moments))))
        self.reset()
        return measured


def _dbfs(amplitude: float) -> float:
    return round(max(LEAST_DBFS, 20.0 * math.log10(max(amplitude, 1e-6))), 1)
