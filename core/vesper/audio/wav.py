"""Sound files at once: any file that libsndfile reads to 16 kHz mono, and samples to a 16-bit WAV.

For short recordings (evaluation clips, earcons). A file that stands in for a microphone is streamed by its engine.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vesper.base.errors import BadInput
from vesper.ports.audio import SAMPLE_RATE, Samples


def read_wav(path: Path) -> tuple[Samples, int]:
    """The file as mono float32 (channels averaged) and its rate in Hz. Raises BadInput for what is no sound."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.SoundFileError) as error:
        raise BadInput(
            "audio.unreadable", f'"{path.name}" is no sound file that Vesper can read.', "WAV, FLAC, Ogg and MP3 work."
        ) from error
    return np.ascontiguousarray(samples.mean(axis=1), np.float32), int(rate)


def read_speech(path: Path) -> Samples:
    """The file as the recognisers take it: mono float32 at 16 kHz. Raises BadInput as `read_wav`."""
    samples, rate = read_wav(path)
    return resampled(samples, rate, SAMPLE_RATE)


def resampled(samples: Samples, rate: int, wanted_rate: int) -> Samples:
    """The same sound at another rate (soxr, high quality)."""
    import soxr

    if rate == wanted_rate or not len(samples):
        return samples
    return np.asarray(soxr.resample(samples, rate, wanted_rate), np.float32)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write mono float32 samples as a 16-bit WAV; what exceeds [-1, 1] is clipped."""
    import soundfile

    soundfile.write(path, np.clip(samples, -1.0, 1.0), rate, subtype="PCM_16", format="WAV")


def with_room_tone(samples: Samples, *, before_s: float, after_s: float, level: float = 5e-4, seed: int = 0) -> Samples:
    """The 16 kHz sound between two stretches of faint white noise, with the noise under all of it.

    `level` is the noise's RMS: 5e-4 is -66 dBFS. Real microphones never give zeros, and recognisers trained on
    real sound fail on them.
    """
    before, after = round(before_s * SAMPLE_RATE), round(after_s * SAMPLE_RATE)
    noise = np.random.default_rng(seed).normal(0.0, level, before + len(samples) + after).astype(np.float32)
    noise[before : before + len(samples)] += samples
    return noise
