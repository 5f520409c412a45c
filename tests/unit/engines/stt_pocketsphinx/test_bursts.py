"""Bursts: a short sound with quiet around it is found whole, whatever the level; everything else is passed over."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.speech import RATE, Samples, faint_noise, silence
from vesper.engines.stt_pocketsphinx.bursts import Bursts

LEAD_S, BEHIND_S = 0.25, 0.20


def room(*parts: Samples, noise: float = 1e-3) -> Samples:
    """Parts one behind the other in a room that is never silent."""
    sound = np.concatenate(parts)
    return sound + faint_noise(len(sound) / RATE, noise)[: len(sound)]


def tone(seconds: float, amplitude: float = 0.1) -> Samples:
    return (amplitude * np.sin(np.arange(round(seconds * RATE)) * 0.3)).astype(np.float32)


def lengths(sound: Samples, piece: int = 1600) -> list[float]:
    """Seconds of the bursts found when the sound comes in pieces."""
    bursts = Bursts()
    return [len(burst) / RATE for at in range(0, len(sound), piece) for burst in bursts.feed(sound[at : at + piece])]


@pytest.mark.parametrize("amplitude", [0.9, 0.1, 0.01])
def test_a_burst_comes_whole_with_the_quiet_around_it(amplitude: float) -> None:
    (length,) = lengths(room(silence(0.6), tone(0.4, amplitude), silence(0.4)))
    assert length == pytest.approx(LEAD_S + 0.4 + BEHIND_S, abs=0.02)


@pytest.mark.parametrize("piece", [1, 159, 160, 1600, 20_000])
def test_the_size_of_the_pieces_makes_no_difference(piece: int) -> None:
    sound = room(silence(0.5), tone(0.3), silence(0.3), tone(0.2), silence(0.3))
    assert lengths(sound, piece) == lengths(sound)
    assert len(lengths(sound)) == 2


def test_a_pause_inside_a_word_does_not_part_it() -> None:
    (length,) = lengths(room(silence(0.5), tone(0.2), silence(0.12), tone(0.2), silence(0.4)))
    assert length == pytest.approx(LEAD_S + 0.52 + BEHIND_S, abs=0.02)


@pytest.mark.parametrize("seconds", [0.05, 1.7, 6.0])
def test_clicks_and_long_speech_are_passed_over(seconds: float) -> None:
    assert lengths(room(silence(0.5), tone(seconds), silence(0.5))) == []


def test_nothing_is_told_before_the_quiet_behind_it() -> None:
    assert lengths(room(silence(0.5), tone(0.4), silence(0.15))) == []


def test_a_steady_hum_is_background_after_a_moment() -> None:
    hum = room(silence(0.5), tone(3.0, 0.02), noise=1e-3)
    word = tone(0.4, 0.3) + tone(0.4, 0.02)
    assert len(lengths(np.concatenate([hum, word, room(tone(0.5, 0.02))]))) == 1
