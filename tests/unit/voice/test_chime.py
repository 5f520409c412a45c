"""The chime sounds for who pauses behind the wake phrase, and the recogniser never hears it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from vesper.audio.ears import SoundReport
from vesper.audio.endpointing import Endpointing
from vesper.ports.audio import SAMPLE_RATE
from vesper.voice.chime import Chime
from vesper.voice.earcons import HEARING_TONES_HZ
from vesper.voice.hearing import Hearing
from vesper.voice.openings import Opening, OpeningKind


class Sounding:
    """A playback that lasts until it is told to be over."""

    is_over = False


class Earcons:
    """Earcons that count what they played."""

    def __init__(self) -> None:
        self.played: list[str] = []
        self.playback = Sounding()

    async def play(self, earcon: str) -> Sounding:
        self.played.append(earcon)
        return self.playback


def report(first: int, seconds: float, *, probability: float = 0.0, tone_hz: float = 0.0) -> SoundReport:
    length = round(seconds * SAMPLE_RATE)
    samples = (0.3 * np.sin(2 * np.pi * tone_hz * np.arange(length) / SAMPLE_RATE)).astype(np.float32)
    return SoundReport(first, samples, ((first + length, probability),), 0.0)


def opened(kind: OpeningKind) -> tuple[Chime, Earcons, Hearing]:
    opening, earcons = Opening(kind, 0, 0, 5.0), Earcons()
    return Chime(cast(Any, earcons), opening), earcons, Hearing(opening, Endpointing(), 512)


@pytest.mark.parametrize(("kind", "after_s"), [("wake", 0.6), ("talk", 0.01), ("hold", 0.01)])
async def test_it_sounds_once_when_it_is_due(kind: OpeningKind, after_s: float) -> None:
    chime, earcons, hearing = opened(kind)
    hearing.add(report(0, after_s))
    await chime.sound_if_due(hearing)
    await chime.sound_if_due(hearing)
    assert earcons.played == ["hearing"]


async def test_who_waits_only_a_little_hears_none_yet() -> None:
    chime, earcons, hearing = opened("wake")
    hearing.add(report(0, 0.3))
    await chime.sound_if_due(hearing)
    assert earcons.played == []


async def test_who_speaks_in_one_breath_hears_none_at_all() -> None:
    chime, earcons, hearing = opened("wake")
    for step in range(20):
        hearing.add(report(step * 512, 512 / SAMPLE_RATE, probability=0.99))
    await chime.sound_if_due(hearing)
    assert earcons.played == []


async def test_a_follow_up_question_needs_no_chime() -> None:
    chime, earcons, hearing = opened("follow_up")
    hearing.add(report(0, 2.0))
    await chime.sound_if_due(hearing)
    assert earcons.played == []


async def test_its_tones_are_taken_out_while_it_sounds_and_a_moment_longer() -> None:
    chime, earcons, hearing = opened("talk")
    await chime.sound_if_due(hearing)
    while_it_sounds = report(0, 0.2, probability=0.9, tone_hz=HEARING_TONES_HZ[0])
    masked = chime.mask(while_it_sounds)
    assert np.std(masked.samples[1600:]) < 0.1 * np.std(while_it_sounds.samples)
    assert masked.activity == ((3200, 0.0),)

    earcons.playback.is_over = True
    chime.mask(report(3200, 0.01))
    later = report(3200 + SAMPLE_RATE, 0.2, probability=0.9, tone_hz=HEARING_TONES_HZ[0])
    assert chime.mask(later) is later


async def test_without_a_chime_the_sound_is_left_as_it_is() -> None:
    chime, _, _ = opened("wake")
    spoken = report(0, 0.1, probability=0.9, tone_hz=500)
    assert chime.mask(spoken) is spoken
