"""The last seconds of sound, by sample number.

One thread writes, any thread reads; a range that is partly gone, or partly still to come, gives what is there.
From here come the pre-roll before the wake phrase and the sound behind it that arrived before the detector fired.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from vesper.ports.audio import SAMPLE_RATE, Samples


@dataclass(frozen=True, slots=True)
class Piece:
    """Sound cut out of the stream: `samples` begin at position `first_sample`."""

    first_sample: int
    samples: Samples

    @property
    def end_sample(self) -> int:
        """The position just behind it."""
        return self.first_sample + len(self.samples)


class RingBuffer:
    """Keeps the last `seconds` of 16 kHz sound.

    A gap in what is written (frames dropped by the device) reads as zeros; writing further back than the end
    starts the buffer anew, because the stream itself began anew.
    """

    def __init__(self, seconds: float) -> None:
        self._ring: Samples = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
        self._lock = threading.Lock()
        self._begin = 0
        self._end = 0

    @property
    def capacity(self) -> int:
        """How many samples it keeps."""
        return len(self._ring)

    @property
    def first_sample(self) -> int:
        """The oldest position that can be read."""
        with self._lock:
            return self._begin

    @property
    def end_sample(self) -> int:
        """The position just behind the newest sample."""
        with self._lock:
            return self._end

    def write(self, first_sample: int, samples: Samples) -> None:
        """Add `samples`, which begin at position `first_sample`."""
        with self._lock:
            if first_sample < self._end or self._begin == self._end:
                self._begin = self._end = first_sample
            gap = first_sample - self._end
            if gap >= self.capacity:
                self._begin = self._end = first_sample
            elif gap:
                self._put(np.zeros(gap, np.float32))
            self._put(samples)

    def read(self, first_sample: int, end_sample: int) -> Piece:
        """A copy of the positions `first_sample` up to, not including, `end_sample`, as far as they are there."""
        with self._lock:
            begin = min(max(first_sample, self._begin), self._end)
            end = max(begin, min(end_sample, self._end))
            places = begin % self.capacity
            count = end - begin
            head = self._ring[places : places + count]
            tail = self._ring[: count - len(head)]
            return Piece(begin, np.concatenate((head, tail)))

    def clear(self) -> None:
        """Forget everything; the next write decides where the stream goes on."""
        with self._lock:
            self._begin = self._end = 0

    def _put(self, samples: Samples) -> None:
        self._end += len(samples)
        kept = samples[-self.capacity :]
        place = (self._end - len(kept)) % self.capacity
        head = min(len(kept), self.capacity - place)
        self._ring[place : place + head] = kept[:head]
        self._ring[: len(kept) - head] = kept[head:]
        self._begin = max(self._begin, self._end - self.capacity)
