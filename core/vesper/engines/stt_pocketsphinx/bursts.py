"""Bursts: short pieces of sound with quiet on both sides, such as a word said on its own.

In: sound, piece by piece. Out: each burst with a little of the quiet around it. Its own file because it knows nothing
of words: it counts frames and follows levels. Quiet is what lies near the background, whose level is the lowest of
the last seconds, so neither the gain of a microphone nor a steady hum makes a difference.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

import numpy as np

from vesper.ports.audio import SAMPLE_RATE, Samples

FRAME_SAMPLES = SAMPLE_RATE // 100

# Frames of 10 ms. The quiet behind a burst is longer than the closure inside "stop it" and ends the wait for it.
_SHORTEST_BURST = 12
_LONGEST_BURST = 150
_QUIET = 20
_LEAD = 25
_BACKGROUND = 200
_SMOOTHED = 10

# Decibels. The end of a word lies this far under its loudest sound; what is lower is its echo in the room.
_LOWEST_DB = -60.0
_ABOVE_BACKGROUND_DB = 6.0
_BELOW_PEAK_DB = 30.0


class Bursts:
    """Finds bursts in a flow of sound of 16 kHz."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._kept: deque[Samples] = deque(maxlen=_LEAD + _LONGEST_BURST + _QUIET)
        self._powers: deque[float] = deque(maxlen=_SMOOTHED)
        self._levels: deque[float] = deque(maxlen=_BACKGROUND)
        self._burst = 0
        self._quiet = 0
        self._peak = _LOWEST_DB

    def feed(self, samples: Samples) -> Iterator[Samples]:
        """The bursts that end with these samples, each with 250 ms of what was before and 200 ms of what was behind."""
        whole = np.concatenate([self._rest, samples])
        frames = whole[: len(whole) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
        self._rest = whole[frames.size :]
        for frame, power in zip(frames, np.mean(np.square(frames), axis=1), strict=True):
            self._kept.append(frame)
            length = self._ended(float(power))
            if _SHORTEST_BURST <= length <= _LONGEST_BURST:
                behind = len(self._kept) - length - _QUIET - _LEAD
                yield np.concatenate(list(islice(self._kept, max(0, behind), None)))

    def _ended(self, power: float) -> int:
        """Take in a frame: how many frames long the burst was that ends with it, or 0."""
        if self._is_loud(power):
            self._burst += 1 + (self._quiet if self._burst else 0)
            self._quiet = 0
            return 0
        self._quiet += 1
        if self._quiet < _QUIET:
            return 0
        ended, self._burst = self._burst, 0
        return ended

    def _is_loud(self, power: float) -> bool:
        self._powers.append(power)
        self._levels.append(_decibels(sum(self._powers) / len(self._powers)))
        level = _decibels(power)
        self._peak = max(self._peak, level) if self._burst else level
        return level > max(min(self._levels) + _ABOVE_BACKGROUND_DB, self._peak - _BELOW_PEAK_DB)


def _decibels(power: float) -> float:
    return max(_LOWEST_DB, 10 * float(np.log10(power + 1e-12)))
