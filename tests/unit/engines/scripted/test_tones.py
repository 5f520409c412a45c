"""Speech as tones: what is said is heard, through whatever an honest audio path does to it."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from vesper.engines.scripted.tones import Ear, heard, spoken
from vesper.ports.audio import FRAME_SAMPLES

SENTENCE = "okay nabu what's the time in aachen 2026"


def test_what_is_said_is_heard_in_small_letters_without_marks() -> None:
    assert heard(spoken("Okay Nabu, what's the time in Aachen 2026?")) == SENTENCE


@pytest.mark.parametrize("offset", [0, 1, 37, 80, 159])
@pytest.mark.parametrize("gain", [1.0, 0.1])
def test_frames_may_fall_anywhere_and_the_sound_may_be_soft(offset: int, gain: float) -> None:
    late = np.concatenate([np.zeros(offset, np.float32), spoken(SENTENCE) * np.float32(gain)])
    assert heard(late) == SENTENCE


def test_resampling_there_and_back_and_faint_noise_do_no_harm() -> None:
    there = soxr.resample(spoken(SENTENCE), 16_000, 48_000)
    back = soxr.resample(there, 48_000, 16_000)
    noise = np.random.default_rng(1).normal(0, 5e-4, len(back))
    assert heard((back + noise).astype(np.float32)) == SENTENCE


def test_sound_may_come_in_pieces_of_any_length() -> None:
    ear, sound = Ear(), spoken(SENTENCE)
    for start in range(0, len(sound), 333):
        ear.feed(sound[start : start + 333])
    assert ear.text == SENTENCE


def test_a_pause_separates_words() -> None:
    pause = np.zeros(FRAME_SAMPLES * 30, np.float32)
    assert heard(np.concatenate([spoken("stop"), pause, spoken("it")])) == "stop it"


def test_silence_says_nothing() -> None:
    assert heard(np.zeros(16_000, np.float32)) == heard(spoken("!?")) == ""
