"""Spoken test sentences, made with espeak-ng: 16 kHz mono float32, with faint noise, never digital silence."""

from __future__ import annotations

import functools
import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

RATE = 16_000
FAINT_RMS = 1e-3
WAKE_VOICE = "en-gb"  # "okay nabu" is surely heard in this voice at 150 words a minute

Samples = NDArray[np.float32]


def speak(text: str, voice: str = WAKE_VOICE, rate: int = 150, *, lead_s: float = 0.5, tail_s: float = 0.8) -> Samples:
    """The sentence with noise before, under and behind it; `rate` in words a minute."""
    return with_faint_noise(join([bare(text, voice, rate)], lead_s=lead_s, tail_s=tail_s))


def wake_and_speak(command: str, phrase: str = "okay nabu", gap_s: float = 0.15, voice: str = WAKE_VOICE) -> Samples:
    """The wake phrase and a command with `gap_s` between the end of one and the beginning of the other."""
    parts = [bare(phrase, voice, 150), bare(command, voice, 150)]
    return with_faint_noise(join(parts, lead_s=0.8, gap_s=gap_s, tail_s=1.0))


@functools.lru_cache(maxsize=256)
def bare(text: str, voice: str, rate: int) -> Samples:
    """The sentence alone, cut to where it sounds: no noise, no silence around it."""
    command = ["espeak-ng", "-v", voice, "-s", str(rate), "--stdout", text]
    wav = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout
    samples, own_rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    sound = soxr.resample(samples, own_rate, RATE).astype(np.float32)
    loud = np.flatnonzero(np.abs(sound) > 2e-3)
    sound = sound[loud[0] : loud[-1] + 1] if len(loud) else sound
    sound.flags.writeable = False
    return sound


def join(parts: Sequence[Samples], *, lead_s: float = 0.0, gap_s: float = 0.0, tail_s: float = 0.0) -> Samples:
    """Parts one behind the other with `gap_s` of silence between, `lead_s` before and `tail_s` behind."""
    pieces: list[Samples] = [silence(lead_s)]
    for number, part in enumerate(parts):
        pieces += [silence(gap_s), part] if number else [part]
    return np.concatenate([*pieces, silence(tail_s)])


def silence(seconds: float) -> Samples:
    """Digital silence, to be put under noise."""
    return np.zeros(round(seconds * RATE), np.float32)


def faint_noise(seconds: float, rms: float = FAINT_RMS, seed: int = 0) -> Samples:
    """White noise as a quiet room has it."""
    return np.random.default_rng(seed).normal(0, rms, round(seconds * RATE)).astype(np.float32)


def with_faint_noise(samples: Samples, seed: int = 0) -> Samples:
    """The same with the noise of a quiet room under it."""
    return (samples + faint_noise(len(samples) / RATE, seed=seed)[: len(samples)]).clip(-1, 1).astype(np.float32)


def with_noise(samples: Samples, snr_db: float, seed: int = 0) -> Samples:
    """The same with white noise `snr_db` below the speech (measured where it sounds)."""
    sounding = samples[np.abs(samples) > 10 * FAINT_RMS]
    level = float(np.sqrt(np.mean(np.square(sounding)))) if len(sounding) else FAINT_RMS
    noise = np.random.default_rng(seed).normal(0, level / 10 ** (snr_db / 20), len(samples))
    return (samples + noise).clip(-1, 1).astype(np.float32)


def write_wav(path: Path, samples: Samples, rate: int = RATE) -> Path:
    """Keep sound as a 16-bit WAV file; returns the path."""
    soundfile.write(path, samples, rate, subtype="PCM_16")
    return path
