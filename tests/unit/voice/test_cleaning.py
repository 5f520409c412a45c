"""One utterance's sound, with and without the room's noise."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.ears import SoundReport
from vesper.base.errors import EngineFailed
from vesper.engines.noise_webrtc import WebRtcNoiseSuppressor
from vesper.ports.audio import Samples
from vesper.voice.cleaning import Cleaning


class Halving(WebRtcNoiseSuppressor):
    """Makes everything half as loud; fails after so many calls."""

    def __init__(self, fails_after: int = 1000) -> None:
        super().__init__()
        self.left = fails_after
        self.resets = 0
        self.fed = 0

    def feed(self, samples: Samples) -> Samples:
        self.left -= 1
        if self.left < 0:
            raise EngineFailed("noise.closed", "It is closed.")
        self.fed += len(samples)
        return samples * np.float32(0.5)

    def reset(self) -> None:
        self.resets += 1


def report(first: int, length: int, level: float = 1.0) -> SoundReport:
    return SoundReport(first, np.full(length, level, np.float32), (), 0.0)


def test_what_comes_before_the_utterance_is_the_room() -> None:
    suppressor = Halving()
    cleaning = Cleaning(suppressor, 1000)
    early = cleaning.take(report(0, 640, 0.1))
    assert len(early.raw) == len(early.clean) == 0
    piece = cleaning.take(report(640, 1000, 0.1))
    assert len(piece.raw) == len(piece.clean) == 640
    assert (piece.raw[0], piece.clean[0]) == (np.float32(0.1), np.float32(0.05))
    assert cleaning.room_power == pytest.approx(0.01, rel=1e-3)
    assert suppressor.resets == 1
    assert suppressor.fed == 1640, "the noise is learned from the room as well"


def test_where_nothing_was_heard_before_there_is_no_room() -> None:
    cleaning = Cleaning(Halving(), 0)
    assert len(cleaning.take(report(0, 320)).raw) == 320
    assert cleaning.room_power == 0.0


def test_without_a_suppressor_or_with_one_that_fails_the_sound_stays_as_it_came() -> None:
    for cleaning in (Cleaning(None, 0), Cleaning(Halving(fails_after=0), 0)):
        for first in (0, 320):
            piece = cleaning.take(report(first, 320))
            assert np.array_equal(piece.raw, piece.clean)


def test_without_the_library_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pywebrtc_audio", None)
    probe = WebRtcNoiseSuppressor().probe()
    assert probe.state == "problem"
    assert probe.hint
