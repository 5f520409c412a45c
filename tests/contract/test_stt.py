"""What every recogniser promises, in the place where it really runs: the table's engines and the scripted one.

The scripted recogniser reads tones, the others hear espeak-ng; both expect the same few sentences.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import numpy as np
import pytest
from hassil.intents import Intents

from tests.support import speech
from tests.support.engine_sound import sound
from vesper.base.tasks import TaskOwner
from vesper.engines import ENGINES
from vesper.engines.scripted import SCRIPTED
from vesper.ports.audio import SAMPLE_RATE
from vesper.ports.engine import EngineSpec
from vesper.ports.stt import Grammar, SpeechToText, SttStream
from vesper.understanding.grammar import spoken_graph
from vesper.worker.proxy import EngineProxy, make_async

SPECS = [spec for spec in (*ENGINES, *SCRIPTED) if spec.role == "stt"]
SENTENCES = ["what time is it", "set a timer for (five|ten) minutes", "turn the volume up", "stop"]


GRAPH = spoken_graph(Intents.from_dict({"language": "en", "intents": {"it": {"data": [{"sentences": SENTENCES}]}}}))


def grammar(*prefixes: str) -> Grammar:
    return Grammar("toy", "en", GRAPH, prefixes)


@pytest.fixture(params=SPECS, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    return request.param


@pytest.fixture
async def recogniser(spec: EngineSpec) -> AsyncIterator[SpeechToText]:
    owner = TaskOwner("test")
    proxy: EngineProxy = make_async(spec, owner=owner)
    await proxy.open()
    yield cast("SpeechToText", proxy)
    await proxy.close()
    await owner.close()


async def test_a_sentence_of_the_grammar_is_heard(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar())
    transcript = await recogniser.recognise(sound(spec, "set a timer for ten minutes"))
    assert transcript.text == "set a timer for ten minutes"
    assert transcript.verdict == "sure"
    assert 0.0 < transcript.confidence <= 1.0


async def test_the_wake_phrase_before_it_is_left_out(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar("okay nabu"))
    transcript = await recogniser.recognise(sound(spec, "okay nabu what time is it"))
    assert transcript.text == "what time is it"


async def test_noise_alone_is_no_sentence(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar())
    transcript = await recogniser.recognise(speech.faint_noise(1.0))
    assert transcript.text == ""
    assert transcript.verdict != "sure"


async def test_digital_silence_is_survived(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar())
    assert (await recogniser.recognise(np.zeros(SAMPLE_RATE, np.float32))).text == ""


async def test_a_live_utterance_says_when_it_is_complete(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar())
    stream: SttStream = await recogniser.start()
    samples = sound(spec, "turn the volume up")
    assert not (await stream.partial()).is_complete
    for at in range(0, len(samples), 1600):
        stream.feed(samples[at : at + 1600])
    partial = await stream.partial()
    assert (partial.text, partial.is_complete) == ("turn the volume up", True)
    assert (await stream.finish()).text == "turn the volume up"


async def test_a_cancelled_utterance_leaves_the_next_one_alone(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar())
    dropped = await recogniser.start()
    dropped.feed(sound(spec, "stop"))
    dropped.cancel()
    assert (await recogniser.recognise(sound(spec, "what time is it"))).text == "what time is it"


async def test_the_probe_is_a_real_check(recogniser: SpeechToText, spec: EngineSpec) -> None:
    await recogniser.load(grammar())
    assert (await recogniser.probe()).state == "ok"
