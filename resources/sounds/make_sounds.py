"""Draws Vesper's short sounds as 16-bit WAVs beside this file: `python resources/sounds/make_sounds.py`.

All of them are sums of a few sine partials with soft edges, at most -12 dBFS, so that none startles. Running the
script again gives the same bytes.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
PEAK = 10 ** (-12.5 / 20)
PARTIALS = ((1.0, 1.0), (2.0, 0.22), (3.0, 0.06))  # (multiple of the pitch, share): a soft, bell-like tone

Wave = NDArray[np.float64]


def tone(pitch_hz: float, length_s: float, *, attack_s: float = 0.006, decay_s: float = 0.05) -> Wave:
    """One note that swells in `attack_s`, fades with time constant `decay_s` and ends at exactly zero."""
    t = np.arange(round(length_s * RATE)) / RATE
    sound = sum(share * np.sin(2 * np.pi * pitch_hz * multiple * t) for multiple, share in PARTIALS)
    swell = np.sin(np.pi / 2 * np.minimum(1.0, t / attack_s)) ** 2
    release = np.sin(np.pi / 2 * np.minimum(1.0, (length_s - t) / 0.012)) ** 2
    return np.asarray(sound) * swell * np.exp(-t / decay_s) * release


def placed(length_s: float, *notes: tuple[float, Wave, float]) -> Wave:
    """Notes as (start in seconds, sound, loudness) in one stretch of `length_s`."""
    whole = np.zeros(round(length_s * RATE))
    for start_s, sound, loudness in notes:
        start = round(start_s * RATE)
        fitting = sound[: len(whole) - start]
        whole[start : start + len(fitting)] += loudness * fitting
    return whole


def ring_burst() -> Wave:
    """Five double strokes that grow louder, with a pause after them in which a spoken "stop" is heard."""
    strokes: list[tuple[float, Wave, float]] = []
    for number in range(5):
        at, loudness = number * 0.22, 0.35 + 0.65 * number / 4
        strokes.append((at, tone(880.0, 0.16, decay_s=0.07), loudness))
        strokes.append((at + 0.09, tone(1174.7, 0.16, decay_s=0.07), loudness))
    return placed(1.25, *strokes)


def all_sounds() -> dict[str, tuple[Wave, float]]:
    """Every sound with its loudness as a share of the peak."""
    return {
        "hearing": (placed(0.12, (0.0, tone(659.3, 0.07), 0.8), (0.05, tone(987.8, 0.07), 1.0)), 0.8),
        "ended": (placed(0.10, (0.0, tone(880.0, 0.06), 1.0), (0.04, tone(587.3, 0.06), 0.8)), 0.6),
        "error": (placed(0.25, (0.0, tone(311.1, 0.11), 1.0), (0.13, tone(233.1, 0.12), 1.0)), 0.9),
        "muted": (placed(0.16, (0.0, tone(523.3, 0.08), 1.0), (0.07, tone(349.2, 0.09), 1.0)), 0.8),
        "unmuted": (placed(0.16, (0.0, tone(349.2, 0.08), 1.0), (0.07, tone(523.3, 0.09), 1.0)), 0.8),
        "ring": (ring_burst(), 1.0),
    }


def write(path: Path, sound: Wave, loudness: float) -> None:
    """Scale to the peak and write as mono 16-bit."""
    scaled = sound / np.abs(sound).max() * PEAK * loudness
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(scaled * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    for name, (sound, loudness) in all_sounds().items():
        write(Path(__file__).parent / f"{name}.wav", sound, loudness)
