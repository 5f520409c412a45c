"""How noisy it is around the speaker: the level of the last second's speech over what was heard before. Pure."""

from __future__ import annotations

from collections import deque

import numpy as np

from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples

NOISY_BELOW_DB = 24.0
"""Below this it is noisy, and scores fall, of other speech too.

Loud moments against quiet ones: 7 dB more than the ratio of the mean powers. Speech mixed with kitchen noise at 10 dB
measures 14 to 22, at 20 dB 25 to 31, recordings without added noise 31 and more.
"""

_FRAMES_A_SECOND = SAMPLE_RATE // FRAME_SAMPLES
_REMEMBERED_S = 4
_SPEECH_S = 1
_FLOOR_PERCENTILE, _SPEECH_PERCENTILE = 25, 90
_LEAST_FRAMES = _FRAMES_A_SECOND // 2
_FAINTEST = 1e-12


class Surroundings:
    """Follows the power of each frame."""

    def __init__(self) -> None:
        self._powers: deque[float] = deque(maxlen=_REMEMBERED_S * _FRAMES_A_SECOND)

    def forget(self) -> None:
        """Begin anew (after a gap in the sound)."""
        self._powers.clear()

    def hear(self, samples: Samples) -> None:
        """The next frame."""
        self._powers.append(float(np.dot(samples, samples)))

    @property
    def snr_db(self) -> float:
        """The last second's speech over the noise before it in dB; endless while too little was heard to say."""
        powers = np.array(self._powers)
        before, speech = powers[: -_SPEECH_S * _FRAMES_A_SECOND], powers[-_SPEECH_S * _FRAMES_A_SECOND :]
        if len(before) < _LEAST_FRAMES:
            return float("inf")
        noise = max(float(np.percentile(before, _FLOOR_PERCENTILE)), _FAINTEST)
        return 10.0 * float(np.log10(max(float(np.percentile(speech, _SPEECH_PERCENTILE)), _FAINTEST) / noise))

    @property
    def is_noisy(self) -> bool:
        """Whether the speech of the last second was said in noise."""
        return self.snr_db < NOISY_BELOW_DB
