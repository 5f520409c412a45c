"""What every engine of the role "activity" keeps to."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.speech import RATE, bare, faint_noise, speak
from vesper.base.errors import EngineFailed
from vesper.engines import ENGINES
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.audio import AudioFrame


@pytest.fixture(params=[spec for spec in ENGINES if spec.role == "activity"], ids=lambda spec: spec.name)
def detector(request: pytest.FixtureRequest) -> Iterator[VoiceActivityDetector]:
    module, _, cls = request.param.target.partition(":")
    engine: VoiceActivityDetector = getattr(importlib.import_module(module), cls)()
    engine.open()
    yield engine
    engine.close()


def feed(detector: VoiceActivityDetector, sound: np.ndarray) -> list[float | None]:
    return [detector.feed(AudioFrame(sound[at : at + 160], at, 0.0)) for at in range(0, len(sound) - 159, 160)]


def probabilities(detector: VoiceActivityDetector, sound: np.ndarray) -> list[float]:
    return [found for found in feed(detector, sound) if found is not None]


def test_gives_one_probability_for_each_whole_step(detector):
    found = feed(detector, faint_noise(2.0))
    step = detector.info.facts["step_samples"]
    assert len([p for p in found if p is not None]) == 2 * RATE // step
    assert all(p is None or 0.0 <= p <= 1.0 for p in found)


@pytest.mark.parametrize("voice", ["en-gb", "en-us", "en-us+f3", "en-029"])
def test_speech_is_likely_speech_and_the_room_is_not(detector, voice):
    found = np.array(probabilities(detector, speak("what is the weather like tomorrow", voice, lead_s=1.0, tail_s=1.0)))
    steps_per_s = RATE / detector.info.facts["step_samples"]
    lead = found[round(0.3 * steps_per_s) : round(0.9 * steps_per_s)]
    speech = found[round(1.1 * steps_per_s) : -round(1.2 * steps_per_s)]
    assert lead.max() < 0.3
    assert np.median(speech) > 0.8


def test_one_short_word_is_heard(detector):
    found = probabilities(detector, speak("stop"))
    assert max(found) > 0.5


def test_noise_alone_is_not_speech(detector):
    assert max(probabilities(detector, faint_noise(5.0, rms=0.02))[10:]) < 0.5


def test_after_a_reset_the_same_sound_gives_the_same_answers(detector):
    sound = np.array(bare("good morning", "en-gb", 150))
    first = probabilities(detector, sound)
    detector.reset()
    assert probabilities(detector, sound) == first


def test_feeding_a_closed_detector_is_told(detector):
    detector.close()
    detector.close()
    with pytest.raises(EngineFailed):
        feed(detector, faint_noise(0.1))


def test_the_probe_says_it_is_well(detector):
    assert detector.probe().state == "ok"
