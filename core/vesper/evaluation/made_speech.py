"""Made speech: espeak-ng says a sentence, faint noise lies under it, and it is known where every part begins and ends.

espeak-ng runs as a program of its own, never inside Vesper (it is under the GPL). What it says is cut to where it
sounds, so that pauses are as long as they are said to be.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from vesper.audio.wav import read_speech
from vesper.base.errors import BadInput, Missing
from vesper.evaluation.noise import mixed
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples

PROGRAM = "espeak-ng"
FAINT_RMS = 1e-3
"""Noise that a quiet room always has: -60 dBFS."""
LEAD_S = 1.0
TAIL_S = 1.5

_SOUNDING = 2e-3
_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Voice:
    """An espeak-ng voice ("en-gb", "en-us+f3") at `rate` words a minute."""

    name: str
    rate: int


@dataclass(frozen=True, slots=True)
class MadeUtterance:
    """Sound at 16 kHz in whole frames; `speech_end` is the sample behind the last one that sounds."""

    samples: Samples
    speech_end: int


@lru_cache(maxsize=64)
def spoken(text: str, voice: Voice) -> Samples:
    """The sentence alone. Raises Missing without espeak-ng, BadInput for a voice it does not know."""
    with tempfile.TemporaryDirectory(prefix="vesper-eval-") as folder:
        path = Path(folder) / "said.wav"
        command = [PROGRAM, "-v", voice.name, "-s", str(voice.rate), "-w", str(path), "--", text]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)
        except FileNotFoundError:
            raise Missing(
                "espeak.missing",
                "espeak-ng is not installed.",
                'Install it, for instance "sudo apt install espeak-ng".',
            ) from None
        if done.returncode or not path.exists():
            raise BadInput("espeak.voice", f'espeak-ng has no voice "{voice.name}".', "See `espeak-ng --voices`.")
        return trimmed(read_speech(path))


def trimmed(samples: Samples) -> Samples:
    """The part that sounds."""
    loud = np.flatnonzero(np.abs(samples) > _SOUNDING)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def utterance(
    parts: Sequence[Samples], gap_s: float, *, snr_db: float | None, seed: int, lead_s: float = LEAD_S
) -> MadeUtterance:
    """Parts of speech `gap_s` apart, between noise and with noise under them.

    The noise is faint and white, or pink at `snr_db` under the speech (by the mixing rule of `noise.py`).
    """
    gap = np.zeros(round(gap_s * SAMPLE_RATE), np.float32)
    pieces = [piece for part in parts for piece in (gap, part)][1:]
    speech = np.concatenate(pieces).astype(np.float32)
    lead, tail = round(lead_s * SAMPLE_RATE), round(TAIL_S * SAMPLE_RATE)
    tail += -(lead + len(speech) + tail) % FRAME_SAMPLES
    sound = np.concatenate((np.zeros(lead, np.float32), speech, np.zeros(tail, np.float32)))
    sound += faint_noise(len(sound), seed)
    if snr_db is not None:
        sound = mixed(sound, [pink_noise(len(sound), seed)], snr_db, active=speech, seed=(seed,))
    return MadeUtterance(sound, lead + len(speech))


def faint_noise(length: int, seed: int = 0) -> Samples:
    """White noise at -60 dBFS."""
    return np.random.default_rng([seed, 1]).normal(0.0, FAINT_RMS, length).astype(np.float32)


def pink_noise(length: int, seed: int) -> Samples:
    """Noise with the same power in every octave above 40 Hz, as most rooms and fans have; RMS 0.1."""
    spectrum = np.fft.rfft(np.random.default_rng([seed, 2]).normal(0.0, 1.0, length))
    frequency = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    spectrum *= np.where(frequency < 40.0, 0.0, 1.0 / np.sqrt(np.maximum(frequency, 40.0)))
    noise = np.fft.irfft(spectrum, length)
    return (0.1 * noise / np.sqrt(np.mean(np.square(noise)))).astype(np.float32)
