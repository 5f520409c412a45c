"""From a flow of samples in pieces of any length to AudioFrames of 10 ms, counted from the opening.

A port's helper, not an engine's: every microphone, real or read from a file, frames its sound the same way.
"""

from __future__ import annotations

import numpy as np

from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, Samples


class Framing:
    """Cuts 16 kHz samples into frames; what does not fill one is kept for the next call."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)
        self._first_sample = 0

    @property
    def next_sample(self) -> int:
        """The position of the next frame's first sample."""
        return self._first_sample

    @property
    def pending(self) -> int:
        """Samples kept so far that do not fill a frame."""
        return len(self._rest)

    def feed(self, samples: Samples, captured_at: float) -> list[AudioFrame]:
        """The frames that `samples` complete; `captured_at` is when the last sample of `samples` was captured."""
        whole = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        count = len(whole) // FRAME_SAMPLES
        self._rest = whole[count * FRAME_SAMPLES :].copy()
        frames: list[AudioFrame] = []
        for start in range(0, count * FRAME_SAMPLES, FRAME_SAMPLES):
            behind = len(whole) - start - FRAME_SAMPLES
            piece = whole[start : start + FRAME_SAMPLES]
            frames.append(AudioFrame(piece, self._first_sample, captured_at - behind / SAMPLE_RATE))
            self._first_sample += FRAME_SAMPLES
        return frames

    def skip(self, frames: int) -> None:
        """Count frames that were lost, so that positions stay true to time."""
        self._first_sample += frames * FRAME_SAMPLES
