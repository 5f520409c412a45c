"""Speech as tones: each letter 40 ms of its own frequency and 20 ms of silence, at 16 kHz.

The frequencies are 100 Hz apart, the bins of a 10 ms frame, so that a frame anywhere inside a tone shows which one
it is, through any gain and through honest resampling. Letters are lower case; what is no letter is a space.
"""

from __future__ import annotations

import numpy as np

from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples

LETTERS = " 'abcdefghijklmnopqrstuvwxyz0123456789"
TONE_SAMPLES = 640
GAP_SAMPLES = 320
AUDIBLE_RMS = 0.005

_FIRST_BIN = 4
_PAUSE_FRAMES = 20
_AMPLITUDE = 0.3
_TIMES = np.arange(TONE_SAMPLES) / SAMPLE_RATE
_RAMP = np.minimum(1.0, np.minimum(np.arange(TONE_SAMPLES), np.arange(TONE_SAMPLES)[::-1]) / 32)


def spoken(text: str) -> Samples:
    """The sound of a text, 60 ms a letter; empty when there is no letter in it."""
    letters = " ".join("".join(letter if letter in LETTERS else " " for letter in text.lower()).split())
    gap = np.zeros(GAP_SAMPLES)
    parts = [part for letter in letters for part in (_tone(letter), gap)]
    return np.concatenate([*parts, np.zeros(0)]).astype(np.float32)


def heard(samples: Samples) -> str:
    """The text of a sound."""
    ear = Ear()
    ear.feed(samples)
    return ear.text


def rms(samples: Samples) -> float:
    """How loud samples are; 0 for none."""
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


class Ear:
    """Reads tones as they come; `text` is what was read so far, with one space for every pause."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)
        self._letter: str = ""
        self._frames = 0
        self._silent_frames = 0
        self._text: str = ""

    @property
    def text(self) -> str:
        """The letters so far, without spaces at the ends; one that still sounds counts when it is clear."""
        sounding = self._letter if self._frames >= 2 else ""
        return (self._text + sounding).strip()

    @property
    def is_silent(self) -> bool:
        """Whether the last frame was silent."""
        return self._silent_frames > 0

    def feed(self, samples: Samples) -> None:
        """More sound, in pieces of any length."""
        whole = np.concatenate((self._rest, samples))
        count = len(whole) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = whole[count:]
        for start in range(0, count, FRAME_SAMPLES):
            self._frame(whole[start : start + FRAME_SAMPLES])

    def _frame(self, frame: Samples) -> None:
        letter = _letter(frame)
        self._silent_frames = 0 if letter else self._silent_frames + 1
        if letter == self._letter:
            self._frames += 1
        else:
            if self._frames >= 2:
                self._text += self._letter
            self._letter, self._frames = letter, 1
        if self._silent_frames == _PAUSE_FRAMES and self._text:
            self._text += " "


def _tone(letter: str) -> Samples:
    frequency = (_FIRST_BIN + LETTERS.index(letter)) * SAMPLE_RATE / FRAME_SAMPLES
    return (_AMPLITUDE * _RAMP * np.sin(2 * np.pi * frequency * _TIMES)).astype(np.float32)


def _letter(frame: Samples) -> str:
    """The letter of a frame; "" for silence."""
    if rms(frame) < AUDIBLE_RMS:
        return ""
    spectrum = np.abs(np.fft.rfft(frame))[_FIRST_BIN : _FIRST_BIN + len(LETTERS)]
    return LETTERS[int(np.argmax(spectrum))]
