"""Mixing noise into clips at a wanted ratio, always the same for the same seed and place in the manifest.

The rule: power of active speech (20 ms frames within 25 dB of the 95th-percentile frame) against the mean power
of the noise excerpt; the sum is scaled down if it would clip.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vesper.ports.audio import SAMPLE_RATE, Samples

_FRAME = SAMPLE_RATE // 50
_ACTIVE_WITHIN_DB = 25.0
_CEILING = 0.99


def mixed(clip: Samples, noises: Sequence[Samples], snr_db: float, *, active: Samples, seed: Sequence[int]) -> Samples:
    """`clip` with an excerpt of one of `noises` under it; `active` is the speech whose power counts."""
    rng = np.random.default_rng(list(seed))
    noise = noises[int(rng.integers(len(noises)))] if len(noises) > 1 else noises[0]
    excerpt = _excerpt(noise, len(clip), rng)
    noise_power = float(np.mean(np.square(excerpt)))
    gain = np.sqrt(speech_power(active) / (noise_power * 10 ** (snr_db / 10))) if noise_power else 0.0
    total = np.asarray(clip + np.float32(gain) * excerpt, np.float32)
    peak = float(np.abs(total).max(initial=0.0))
    return total * np.float32(_CEILING / peak) if peak > _CEILING else total


def speech_power(samples: Samples) -> float:
    """The mean power of the active frames of a piece of speech; 0.0 for less than one frame."""
    count = len(samples) // _FRAME
    if not count:
        return 0.0
    powers = np.square(samples[: count * _FRAME]).reshape(count, _FRAME).mean(axis=1)
    floor = np.percentile(powers, 95) * 10 ** (-_ACTIVE_WITHIN_DB / 10)
    return float(powers[powers >= floor].mean())


def _excerpt(noise: Samples, length: int, rng: np.random.Generator) -> Samples:
    repeated = np.tile(noise, -(-length // len(noise)) + 1) if len(noise) <= length else noise
    start = int(rng.integers(len(repeated) - length + 1))
    return repeated[start : start + length]
