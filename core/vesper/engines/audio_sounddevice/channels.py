"""Which channel of a microphone is listened to.

On many arrays and audio interfaces only one channel speaks, and the mean of all would halve it. So one is chosen: the
first, until another one has for half a second of sound been twice as loud, or until the first is dead.
"""

from __future__ import annotations

import numpy as np

from vesper.ports.audio import Samples

_TWICE = 4.0  # in power: 6 dB
_AUDIBLE = 1e-6  # mean square of -60 dBFS: below that a room is quiet, and loudness says nothing
_EVIDENCE_BLOCKS = 16  # of 32 ms


class ChannelChoice:
    """Takes interleaved blocks of `channels` channels and gives the one that speaks."""

    def __init__(self, channels: int) -> None:
        self._channels = max(1, channels)
        self._evidence = np.zeros(self._channels)
        self.channel = 0

    def of(self, block: Samples, *, may_change: bool = True) -> Samples:
        """The chosen channel of a block. While Vesper speaks it may not change: some arrays give that back, too."""
        if self._channels == 1:
            return block
        frames = block.reshape(-1, self._channels)
        if may_change:
            self._weigh(np.mean(np.square(frames, dtype=np.float64), axis=0))
        return np.ascontiguousarray(frames[:, self.channel])

    def _weigh(self, powers: np.ndarray) -> None:
        """Evidence grows for each channel that is twice as loud as the chosen one, and fades when it is not."""
        own = powers[self.channel]
        is_better = (powers > _TWICE * own) & ((powers > _AUDIBLE) | (own == 0.0))
        self._evidence = np.where(is_better, self._evidence + 1, np.maximum(0.0, self._evidence - 1))
        if self._evidence.max() >= _EVIDENCE_BLOCKS:
            self.channel = int(np.argmax(np.where(self._evidence >= _EVIDENCE_BLOCKS, powers, -1.0)))
            self._evidence[:] = 0.0
