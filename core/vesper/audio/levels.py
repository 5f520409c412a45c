"""How loud speech is, how loud the room, and the ratio of the two.

The rule for speech is the one of the evaluation data: the mean power of the 20 ms frames within 25 dB of the loudest
twentieth. The room's is the median over frames of what came before the speech, so that a cough in it does not count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vesper.ports.audio import SAMPLE_RATE, Samples

_FRAME = SAMPLE_RATE // 50
_ACTIVE_WITHIN_DB = 25.0
_FAINTEST = 1e-10
LOUDEST_RATIO_DB = 60.0
"""More than this is not told apart: a silent room is as good as another."""


def speech_power(samples: Samples) -> float:
    """The mean power of the active frames of a piece of speech; 0.0 for less than one frame."""
    powers = _powers(samples)
    if not len(powers):
        return 0.0
    floor = np.percentile(powers, 95) * 10 ** (-_ACTIVE_WITHIN_DB / 10)
    return float(powers[powers >= floor].mean())


def room_power(samples: Samples) -> float:
    """The power of the noise in a piece of sound in which little else was heard; 0.0 for less than one frame."""
    powers = _powers(samples)
    return float(np.median(powers)) if len(powers) else 0.0


def ratio_db(speech: Samples, room: float) -> float:
    """How much louder the speech in a noisy piece of sound is than the room (its power), in decibels.

    Between -10 (nothing but noise) and `LOUDEST_RATIO_DB`.
    """
    room = max(room, _FAINTEST)
    alone = max(speech_power(speech) - room, 0.1 * room)
    return min(LOUDEST_RATIO_DB, float(10 * np.log10(alone / room)))


def _powers(samples: Samples) -> NDArray[np.float32]:
    count = len(samples) // _FRAME
    return np.square(samples[: count * _FRAME]).reshape(count, _FRAME).mean(axis=1)
