"""Speech against the room."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.levels import LOUDEST_RATIO_DB, ratio_db, room_power, speech_power
from vesper.ports.audio import SAMPLE_RATE, Samples


def noise(seconds: float, level: float, seed: int = 3) -> Samples:
    return np.random.default_rng(seed).normal(0.0, level, round(seconds * SAMPLE_RATE)).astype(np.float32)


@pytest.mark.parametrize("wanted_db", [3.0, 12.0, 30.0])
def test_the_ratio_is_the_one_that_was_mixed(wanted_db: float) -> None:
    room, speech = noise(2.0, 0.01), noise(1.0, 0.01 * 10 ** (wanted_db / 20), seed=4)
    assert ratio_db(speech + noise(1.0, 0.01, seed=5), room_power(room)) == pytest.approx(wanted_db, abs=0.7)


def test_a_cough_before_the_speech_does_not_make_the_room_loud() -> None:
    room = noise(2.0, 0.01)
    room[16000:22000] += noise(6000 / SAMPLE_RATE, 0.3)
    assert room_power(room) == pytest.approx(1e-4, rel=0.1)


def test_pauses_do_not_make_speech_softer() -> None:
    speech = noise(1.0, 0.1)
    assert speech_power(np.concatenate([speech, np.zeros(2 * SAMPLE_RATE, np.float32)])) == pytest.approx(0.01, rel=0.1)


def test_nothing_at_all_has_a_ratio_too() -> None:
    nothing = np.zeros(0, np.float32)
    assert speech_power(nothing) == room_power(nothing) == 0.0
    assert ratio_db(nothing, 0.01) == pytest.approx(-10)
    assert ratio_db(noise(1.0, 0.1), 0.0) == LOUDEST_RATIO_DB
