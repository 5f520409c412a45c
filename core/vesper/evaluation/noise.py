"""Mixing noise into clips at a wanted ratio, always the same for the same seed and place in the manifest.

The rule: power of active speech (20 ms frames within 25 dB of the 95th-percentile frame) against the mean power
of the noise excerpt; the sum is scaled down if it would clip.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vesper.audio.levels import speech_power
from vesper.ports.audio import Samples

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


def _excerpt(noise: Samples, length: int, rng: np.random.Generator) -> Samples:
    repeated = np.tile(noise, -(-length // len(noise)) + 1) if len(noise) <= length else noise
    start = int(rng.integers(len(repeated) - length + 1))
    return repeated[start : start + length]
