"""How loud the microphone was, over five seconds at a time."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.loudness import GAUGED_S, Loudness, LoudnessGauge
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples

FRAMES = round(GAUGED_S * SAMPLE_RATE / FRAME_SAMPLES)


def measured(gauge: LoudnessGauge, *frames: Samples) -> list[Loudness]:
    return [found for frame in frames if (found := gauge.take(frame)) is not None]


def test_zeros_are_as_quiet_as_can_be() -> None:
    silence = np.zeros(FRAME_SAMPLES, np.float32)
    assert measured(LoudnessGauge(), *[silence] * FRAMES) == [Loudness(5.0, -120.0, -120.0, -120.0)]


@pytest.mark.parametrize("sign", [1, -1])
def test_one_loud_sample_is_the_peak_and_little_of_the_mean(sign: int) -> None:
    frames = [np.full(FRAME_SAMPLES, 0.001, np.float32) for _ in range(FRAMES)]
    frames[7][3] = 0.5 * sign
    [found] = measured(LoudnessGauge(), *frames)
    assert found.peak_dbfs == pytest.approx(-6.0, abs=0.1)
    assert found.rms_dbfs == pytest.approx(-53.8, abs=0.1)


def test_the_noise_of_a_room_is_what_is_left_in_the_quietest_moment() -> None:
    speech, pause = np.full(FRAME_SAMPLES, 0.3, np.float32), np.full(FRAME_SAMPLES, 0.01, np.float32)
    [found] = measured(LoudnessGauge(), *[speech] * (FRAMES - 60), *[pause] * 60)
    assert found.floor_dbfs == -40.0
    assert found.rms_dbfs > -12.0


def test_it_is_told_every_five_seconds_and_each_time_anew() -> None:
    loud, quiet = np.full(FRAME_SAMPLES, 0.5, np.float32), np.full(FRAME_SAMPLES, 0.05, np.float32)
    found = measured(LoudnessGauge(), *[loud] * FRAMES, *[quiet] * (FRAMES + 7))
    assert [loudness.peak_dbfs for loudness in found] == [-6.0, -26.0]


def test_what_was_heard_of_another_microphone_does_not_count() -> None:
    gauge = LoudnessGauge()
    measured(gauge, *[np.full(FRAME_SAMPLES, 0.5, np.float32)] * (FRAMES - 1))
    gauge.reset()
    [found] = measured(gauge, *[np.zeros(FRAME_SAMPLES, np.float32)] * FRAMES)
    assert found.peak_dbfs == -120.0
