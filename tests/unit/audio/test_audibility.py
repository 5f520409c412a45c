"""A microphone is heard with its first sound, and silent after three seconds of zeros."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.audibility import Audibility
from vesper.ports.audio import FRAME_SAMPLES, AudioFrame


def frames(value: float, count: int = 1) -> list[AudioFrame]:
    return [AudioFrame(np.full(FRAME_SAMPLES, value, np.float32), 0, 0.0)] * count


def test_the_first_sound_is_told_once() -> None:
    audibility = Audibility()
    assert [audibility.hear(frames(0.0)), audibility.hear(frames(1e-4)), audibility.hear(frames(1e-4))] == [
        None,
        True,
        None,
    ]


@pytest.mark.parametrize("was_heard", [True, False])
def test_three_seconds_of_zeros_are_silence_and_are_told_once(was_heard: bool) -> None:
    audibility = Audibility()
    if was_heard:
        audibility.hear(frames(1e-4))
    assert audibility.hear(frames(0.0, 299)) is None
    assert audibility.hear(frames(0.0)) is False
    assert audibility.hear(frames(0.0, 500)) is None
    assert audibility.hear(frames(1e-4)) is True


def test_the_last_bit_now_and_then_is_no_silence() -> None:
    audibility = Audibility()
    assert audibility.hear([*frames(0.0, 200), *frames(1 / 32768), *frames(0.0, 200)]) is None
    assert audibility.hear(frames(1 / 32768)) is True


def test_another_microphone_is_judged_anew() -> None:
    audibility = Audibility()
    audibility.hear(frames(1e-4))
    audibility.hear(frames(0.0, 200))
    audibility.reset()
    assert audibility.hear(frames(0.0, 200)) is None
    assert audibility.hear(frames(1e-4)) is True
