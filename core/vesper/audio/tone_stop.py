"""Takes known tones out of sound and leaves the rest: how Vesper's own chime is kept from the recogniser.

A chain of narrow notch filters (second-order sections after R. Bristow-Johnson's audio EQ cookbook), one for each
partial of the chime. Whoever speaks into the chime is still heard, which cutting its span out would cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vesper.ports.audio import SAMPLE_RATE, Samples

WIDTH_HZ = 400.0
"""A note that swells in 6 ms and fades in 50 is no line but a band: 90 Hz take 11 dB off the chime, 400 Hz 21 dB, and
1.2 dB off everything else while it sounds."""


class ToneStop:
    """Filters a stream; `tones_hz` are the partials to remove, those above half the sample rate are ignored."""

    def __init__(self, tones_hz: Sequence[float]) -> None:
        self._notches = [_Notch(tone) for tone in tones_hz if tone < SAMPLE_RATE / 2]

    def feed(self, samples: Samples) -> Samples:
        """The next samples without the tones."""
        filtered = samples.tolist()
        for notch in self._notches:
            filtered = notch.feed(filtered)
        return np.asarray(filtered, np.float32)


class _Notch:
    """One second-order notch, with the state between two calls."""

    def __init__(self, tone_hz: float) -> None:
        angle = 2 * math.pi * tone_hz / SAMPLE_RATE
        alpha = math.sin(angle) * math.sinh(math.log(2) / 2 * (WIDTH_HZ / tone_hz) * angle / math.sin(angle))
        self._b0 = 1 / (1 + alpha)
        self._b1 = -2 * math.cos(angle) / (1 + alpha)
        self._a2 = (1 - alpha) / (1 + alpha)
        self._s1 = 0.0
        self._s2 = 0.0

    def feed(self, samples: list[float]) -> list[float]:
        """Transposed direct form II; b2 equals b0 and a1 equals b1 in a notch."""
        b0, b1, a2, s1, s2 = self._b0, self._b1, self._a2, self._s1, self._s2
        out: list[float] = []
        for x in samples:
            y = b0 * x + s1
            s1 = b1 * x - b1 * y + s2
            s2 = b0 * x - a2 * y
            out.append(y)
        self._s1, self._s2 = s1, s2
        return out
