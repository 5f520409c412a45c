"""What every detector of the stop phrase promises, in the place where it really runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import numpy as np
import pytest

from tests.support import speech
from vesper.base.errors import EngineFailed
from vesper.base.language import load_language
from vesper.base.tasks import TaskOwner
from vesper.engines import ENGINES
from vesper.engines.scripted import SCRIPTED
from vesper.engines.scripted.tones import spoken
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.engine import EngineSpec
from vesper.ports.wake import StopPhraseDetector
from vesper.voice.stop_phrase import short_phrases
from vesper.worker.proxy import EngineProxy, make_async

PHRASES = short_phrases(load_language("en")).all
SPECS = [spec for spec in (*ENGINES, *SCRIPTED) if spec.role == "stop"]


@pytest.fixture(params=SPECS, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    return request.param


@pytest.fixture
async def detector(spec: EngineSpec) -> AsyncIterator[StopPhraseDetector]:
    owner = TaskOwner("test")
    proxy: EngineProxy = make_async(spec, owner=owner)
    await proxy.open()
    await cast("StopPhraseDetector", proxy).load(PHRASES)
    yield cast("StopPhraseDetector", proxy)
    await proxy.close()
    await owner.close()


def sound(spec: EngineSpec, text: str) -> Samples:
    """The words as this detector can hear them, between two stretches of faint noise."""
    said = spoken(text) if spec.name == "scripted" else speech.bare(text, "en-us", 150)
    before, behind = np.zeros(SAMPLE_RATE // 2, np.float32), np.zeros(SAMPLE_RATE, np.float32)
    return speech.with_faint_noise(np.concatenate([before, said, behind]))


async def heard(detector: StopPhraseDetector, samples: Samples) -> str | None:
    stream = await detector.start()
    try:
        for at in range(0, len(samples), 1600):
            stream.feed(samples[at : at + 1600])
            if found := await stream.heard():
                return found
        return None
    finally:
        stream.cancel()


async def test_the_stop_phrase_is_heard(detector: StopPhraseDetector, spec: EngineSpec) -> None:
    assert await heard(detector, sound(spec, "stop")) is not None


@pytest.mark.parametrize("phrase", ["add one minute", "one more minute"])
async def test_it_hears_what_it_was_given(detector: StopPhraseDetector, spec: EngineSpec, phrase: str) -> None:
    assert await heard(detector, sound(spec, phrase)) == phrase


async def test_a_phrase_is_told_once(detector: StopPhraseDetector, spec: EngineSpec) -> None:
    stream = await detector.start()
    stream.feed(sound(spec, "stop"))
    assert await stream.heard() is not None
    assert await stream.heard() is None
    stream.cancel()


async def test_without_phrases_it_says_so(spec: EngineSpec) -> None:
    owner = TaskOwner("test")
    proxy: EngineProxy = make_async(spec, owner=owner)
    await proxy.open()
    if spec.name != "scripted":
        with pytest.raises(EngineFailed) as failed:
            await cast("StopPhraseDetector", proxy).start()
        assert failed.value.code == "stop.no_phrases"
    await proxy.close()
    await owner.close()


async def test_other_speech_is_left_alone(detector: StopPhraseDetector, spec: EngineSpec) -> None:
    assert await heard(detector, sound(spec, "it is three in the afternoon and the sun is shining")) is None


async def test_noise_is_left_alone(detector: StopPhraseDetector) -> None:
    assert await heard(detector, speech.faint_noise(2.0)) is None


async def test_it_hears_again_after_it_was_heard(detector: StopPhraseDetector, spec: EngineSpec) -> None:
    assert await heard(detector, sound(spec, "stop")) is not None
    assert await heard(detector, sound(spec, "stop")) is not None


async def test_it_hears_again_after_other_speech(detector: StopPhraseDetector, spec: EngineSpec) -> None:
    assert await heard(detector, sound(spec, "it is three in the afternoon and the sun is shining")) is None
    assert await heard(detector, sound(spec, "stop")) is not None


@pytest.mark.parametrize("gain", [1.0, 0.3, 0.1])
async def test_loud_and_soft_voices_are_heard_alike(
    detector: StopPhraseDetector, spec: EngineSpec, gain: float
) -> None:
    assert await heard(detector, speech.with_faint_noise(gain * sound(spec, "stop"))) is not None
