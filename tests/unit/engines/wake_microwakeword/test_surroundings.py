"""How noisy it is: speech over what was heard before it."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.engines.wake_microwakeword.surroundings import Surroundings


def heard(noise_rms: float, speech_rms: float, *, before_s: float = 1.5) -> Surroundings:
    surroundings = Surroundings()
    rng = np.random.default_rng(1)
    for rms, seconds in ((noise_rms, before_s), (speech_rms, 1.0)):
        for _ in range(round(100 * seconds)):
            surroundings.hear(rng.normal(0.0, rms, 160).astype(np.float32))
    return surroundings


@pytest.mark.parametrize("snr_db", [5.0, 10.0, 20.0, 40.0])
def test_measures_the_ratio(snr_db):
    assert heard(1e-3, 1e-3 * 10 ** (snr_db / 20)).snr_db == pytest.approx(snr_db, abs=2.0)


def test_ten_decibels_are_noisy_and_thirty_are_not():
    assert heard(1e-3, 3e-3).is_noisy
    assert not heard(1e-3, 3e-2).is_noisy


def test_too_little_heard_says_nothing():
    assert heard(1e-3, 1e-3, before_s=0.2).snr_db == float("inf")


def test_after_a_gap_it_begins_anew():
    surroundings = heard(1e-3, 3e-3)
    surroundings.forget()
    assert not surroundings.is_noisy


def test_digital_silence_is_no_error():
    assert heard(0.0, 0.0).snr_db == pytest.approx(0.0)
