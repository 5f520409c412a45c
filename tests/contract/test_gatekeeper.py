"""What every gatekeeper promises, in the place where it really runs: the table's engines and the scripted one.

A gatekeeper hears commands as they are, and hears other speech as something else than the recogniser makes of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hassil.intents import Intents

from tests.support import speech
from tests.support.engine_sound import sound
from vesper.base.errors import VesperError
from vesper.base.tasks import TaskOwner
from vesper.engines import ENGINES
from vesper.engines.scripted import SCRIPTED
from vesper.ports.audio import SAMPLE_RATE
from vesper.ports.engine import EngineSpec
from vesper.ports.gatekeeper import Gatekeeper
from vesper.ports.stt import Grammar, Transcript
from vesper.understanding.grammar import spoken_graph
from vesper.voice.agreement import LEAST_AGREEMENT, Opinions, agreement
from vesper.worker.proxy import EngineProxy, make_async

SPECS = [spec for spec in (*ENGINES, *SCRIPTED) if spec.role == "gate"]
SENTENCES = ["what time is it", "set a timer for (five|ten) minutes", "turn the volume up", "how late is it", "stop"]
GRAPH = spoken_graph(Intents.from_dict({"language": "en", "intents": {"it": {"data": [{"sentences": SENTENCES}]}}}))


def grammar(*prefixes: str, cache: str = "") -> Grammar:
    return Grammar("en-toy", "en", GRAPH, prefixes, cache)


def worded(readings: Sequence[Transcript]) -> list[Transcript]:
    """The same without sounds, so that words are compared: engines do not share their sounds."""
    return [Transcript(reading.text) for reading in readings]


@pytest.fixture(params=SPECS, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    return request.param


@pytest.fixture
async def gatekeeper(spec: EngineSpec) -> AsyncIterator[Gatekeeper]:
    owner = TaskOwner("test")
    proxy: EngineProxy = make_async(spec, owner=owner)
    await proxy.open()
    yield cast("Gatekeeper", proxy)
    await proxy.close()
    await owner.close()


async def test_a_command_is_heard_much_as_it_was_said(gatekeeper: Gatekeeper, spec: EngineSpec) -> None:
    await gatekeeper.load(grammar())
    heard = await gatekeeper.recognise(sound(spec, "set a timer for ten minutes"))
    assert agreement(Transcript("set a timer for ten minutes"), Opinions(worded(heard))) >= LEAST_AGREEMENT


async def test_speech_that_is_no_command_is_heard_as_something_else(gatekeeper: Gatekeeper, spec: EngineSpec) -> None:
    await gatekeeper.load(grammar())
    heard = await gatekeeper.recognise(sound(spec, "my sister bought a yellow bicycle for her birthday"))
    for command in ("set a timer for ten minutes", "turn the volume up", "how late is it"):
        assert agreement(Transcript(command), Opinions(worded(heard))) < LEAST_AGREEMENT


async def test_the_wake_phrase_before_it_is_left_out(gatekeeper: Gatekeeper, spec: EngineSpec) -> None:
    await gatekeeper.load(grammar("okay nabu"))
    heard = await gatekeeper.recognise(sound(spec, "okay nabu turn the volume up"))
    assert heard
    assert all(not {"okay", "nabu"} & set(reading.text.split()) for reading in heard)


async def test_no_reading_comes_twice(gatekeeper: Gatekeeper, spec: EngineSpec) -> None:
    await gatekeeper.load(grammar())
    heard = await gatekeeper.recognise(sound(spec, "turn the volume up"))
    assert 1 <= len({reading.text for reading in heard}) == len(heard) <= 20


async def test_faint_noise_and_digital_silence_are_no_words(gatekeeper: Gatekeeper, spec: EngineSpec) -> None:
    await gatekeeper.load(grammar())
    for samples in (speech.faint_noise(1.0), np.zeros(SAMPLE_RATE, np.float32)):
        assert all(len(reading.text.split()) <= 1 for reading in (await gatekeeper.recognise(samples))[:1])


async def test_a_cache_that_cannot_be_written_is_done_without(
    gatekeeper: Gatekeeper, spec: EngineSpec, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("where a folder should be")
    await gatekeeper.load(grammar(cache=str(blocked / "graphs")))
    assert await gatekeeper.recognise(sound(spec, "turn the volume up"))


async def test_without_a_grammar_it_says_so_or_hears_all_the_same(gatekeeper: Gatekeeper, spec: EngineSpec) -> None:
    try:
        assert (await gatekeeper.recognise(sound(spec, "stop")))[0].text == "stop"
    except VesperError as error:
        assert error.code == "stt.no_grammar"
