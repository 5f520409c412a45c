"""Made speech: pauses are as long as they are said to be, and there is always noise."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.levels import speech_power
from vesper.evaluation.made_speech import FAINT_RMS, LEAD_S, MadeUtterance, faint_noise, pink_noise, trimmed, utterance
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples


def tone(seconds: float) -> Samples:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.3 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)


def loud(made: MadeUtterance) -> np.ndarray:
    return np.flatnonzero(np.abs(made.samples) > 0.05) / SAMPLE_RATE


def test_the_end_of_speech_is_where_the_last_part_ends() -> None:
    made = utterance([tone(0.5), tone(0.4)], 0.3, snr_db=None, seed=1)
    assert made.speech_end / SAMPLE_RATE == pytest.approx(LEAD_S + 0.5 + 0.3 + 0.4)
    assert loud(made)[-1] == pytest.approx(made.speech_end / SAMPLE_RATE, abs=0.01)


def test_the_pause_between_the_parts_is_as_long_as_asked_for() -> None:
    sounding = loud(utterance([tone(0.5), tone(0.5)], 0.3, snr_db=None, seed=1))
    assert np.diff(sounding).max() == pytest.approx(0.3, abs=0.01)


def test_it_comes_in_whole_frames() -> None:
    assert len(utterance([tone(0.1234)], 0.0, snr_db=None, seed=1).samples) % FRAME_SAMPLES == 0


def test_there_is_never_digital_silence() -> None:
    made = utterance([tone(0.5), tone(0.5)], 0.3, snr_db=None, seed=1)
    frames = made.samples.reshape(-1, FRAME_SAMPLES)
    assert np.sqrt(np.square(frames).mean(axis=1)).min() > FAINT_RMS / 2


def test_noise_lies_as_far_below_the_speech_as_asked_for() -> None:
    speech = tone(1.0)
    made = utterance([speech], 0.0, snr_db=10.0, seed=1)
    lead = made.samples[: round(LEAD_S * SAMPLE_RATE)]
    ratio = 10 * np.log10(speech_power(speech) / np.mean(np.square(lead)))
    assert ratio == pytest.approx(10.0, abs=1.5)


def test_the_same_seed_makes_the_same_sound() -> None:
    first, second = (utterance([tone(0.3)], 0.0, snr_db=20.0, seed=7) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)
    assert not np.array_equal(first.samples, utterance([tone(0.3)], 0.0, snr_db=20.0, seed=8).samples)


def test_pink_noise_has_the_same_power_in_every_octave() -> None:
    noise = pink_noise(10 * SAMPLE_RATE, 3)
    power = np.square(np.abs(np.fft.rfft(noise)))
    frequency = np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE)
    octaves = [power[(frequency >= low) & (frequency < 2 * low)].sum() for low in (100, 200, 400, 800, 1600, 3200)]
    assert max(octaves) / min(octaves) < 1.3


def test_faint_noise_is_60_db_below_full_scale() -> None:
    assert 20 * np.log10(np.sqrt(np.mean(np.square(faint_noise(SAMPLE_RATE))))) == pytest.approx(-60, abs=0.3)


def test_what_is_said_is_cut_to_where_it_sounds() -> None:
    padded = np.concatenate((np.zeros(800, np.float32), tone(0.2)[1:], np.zeros(900, np.float32)))
    assert len(trimmed(padded)) == pytest.approx(0.2 * SAMPLE_RATE, abs=60)
