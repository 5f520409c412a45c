"""The wake phrase with its second look, both with the engines of the product: what resembles it, and who repeats it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.contract.test_wake import accepted, feed, spoken
from tests.support.speech import bare, join, with_faint_noise
from vesper.audio.ears import Ears
from vesper.audio.interruption import Phase
from vesper.engines import ENGINES
from vesper.ports.audio import AudioFrame
from vesper.ports.wake import WakeWordDetector

PHRASE = "okay nabu"


def made(role: str) -> Any:
    module, _, cls = next(spec for spec in ENGINES if spec.role == role).target.partition(":")
    return getattr(importlib.import_module(module), cls)()


@pytest.fixture
def detector() -> Iterator[WakeWordDetector]:
    engine: WakeWordDetector = made("wake")
    engine.confirm_with(made("phrase"))
    engine.listen_for([PHRASE], "normal")
    yield engine
    engine.close()


@pytest.mark.parametrize("voice", ["en-gb", "en-us", "en-gb-scotland", "en-us+f5"])
def test_the_phrase_is_heard(detector, voice):
    assert [hit.phrase for hit in accepted(feed(detector, spoken(PHRASE, voice=voice)))] == [PHRASE]


def test_what_only_resembles_it_is_a_near_miss(detector):
    sound = with_faint_noise(join([bare("what can you do", "en-us-nyc", 165)], lead_s=1.5, tail_s=1.0))
    hits = feed(detector, sound)
    assert hits
    assert {hit.why for hit in hits} == {"second_look"}


def test_in_the_middle_of_a_sentence_a_middling_score_is_not_the_phrase(detector):
    sound = spoken(PHRASE, voice="en-us+f4")
    assert accepted(feed(detector, sound))
    detector.reset()
    detector.in_sentence = True
    hits = feed(detector, sound)
    assert hits
    assert not accepted(hits)


def test_near_misses_are_told_a_few_times_a_minute(detector):
    once = with_faint_noise(join([bare("what can you do", "en-us-nyc", 165)], lead_s=0.7, tail_s=0.7))
    hits = feed(detector, np.concatenate([once[: len(once) // 160 * 160]] * 12))
    assert 1 <= len(hits) <= 4


class Recorder:
    """A detector that keeps what it was told of the sentence."""

    def __init__(self) -> None:
        self.in_sentence = False
        self.told: list[bool] = []

    def feed(self, frame: AudioFrame) -> None:
        self.told.append(self.in_sentence)

    def reset(self) -> None:
        pass


class Loudness:
    """Voice activity by loudness."""

    def feed(self, frame: AudioFrame) -> float:
        return float(np.abs(frame.samples).max() > 0.1)

    def reset(self) -> None:
        pass


class Sound:
    """A microphone that gives one piece of sound at a time."""

    def __init__(self) -> None:
        self.at = 0
        self.waiting: list[AudioFrame] = []

    def say(self, seconds: float, level: float) -> None:
        for _ in range(round(100 * seconds)):
            self.waiting.append(AudioFrame(np.full(160, level, np.float32), self.at, 0.0))
            self.at += 160

    def read(self, timeout_s: float) -> list[AudioFrame]:
        frames, self.waiting = self.waiting, []
        return frames

    def close(self) -> None:
        pass


def test_the_ears_know_the_middle_of_a_sentence_from_a_pause():
    recorder, sound = Recorder(), Sound()
    ears = Ears(recorder, Loudness(), deliver=lambda report: None)  # type: ignore[arg-type]
    ears.use(sound)  # type: ignore[arg-type]
    ears.attend(0)
    ears.phase = Phase.HEARING
    sound.say(3.0, 0.5)
    ears.step()
    assert recorder.told[-1]
    sound.say(2.0, 0.0)
    ears.step()
    sound.say(0.8, 0.5)
    ears.step()
    assert not recorder.told[-1]
    ears.phase = Phase.ARMED
    sound.say(3.0, 0.5)
    ears.step()
    assert not recorder.told[-1]
