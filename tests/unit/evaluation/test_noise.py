"""Mixing noise at a wanted ratio of active speech to noise."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.levels import speech_power
from vesper.evaluation.noise import mixed


def white(seconds: float, level: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, round(16_000 * seconds)).astype(np.float32)


SPEECH = white(1.0, 0.1)


@pytest.mark.parametrize("snr_db", [20.0, 10.0, 0.0])
def test_the_ratio_is_the_one_asked_for(snr_db):
    added = mixed(SPEECH, [white(3.0, 0.5, seed=1)], snr_db, active=SPEECH, seed=(0, 0)) - SPEECH
    ratio = 10 * np.log10(speech_power(SPEECH) / np.mean(np.square(added)))
    assert ratio == pytest.approx(snr_db, abs=0.2)


def test_pauses_do_not_count_as_speech():
    with_pauses = np.concatenate((np.zeros(32_000, np.float32), SPEECH, np.zeros(32_000, np.float32)))
    assert speech_power(with_pauses) == pytest.approx(speech_power(SPEECH), rel=0.1)


def test_the_same_seed_gives_the_same_sound_and_another_clip_another():
    noises = [white(3.0, 0.5, seed=1)]
    first = mixed(SPEECH, noises, 10, active=SPEECH, seed=(7, 1))
    assert first.tolist() == mixed(SPEECH, noises, 10, active=SPEECH, seed=(7, 1)).tolist()
    assert first.tolist() != mixed(SPEECH, noises, 10, active=SPEECH, seed=(7, 2)).tolist()


def test_noise_shorter_than_the_clip_is_repeated():
    sound = mixed(np.zeros(16_000, np.float32), [white(0.2, 0.5, seed=1)], 0, active=SPEECH, seed=(0, 0))
    assert sound.reshape(10, -1).std(axis=1).min() > 0.05


def test_the_sum_never_clips():
    loud = mixed(SPEECH * 8, [white(3.0, 0.5, seed=1)], -10, active=SPEECH * 8, seed=(0, 0))
    assert np.abs(loud).max() == pytest.approx(0.99)
