"""What every voice promises, in the place where it really runs: the table's engines and the scripted one."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import cast

import numpy as np
import pytest

from vesper.base.tasks import TaskOwner
from vesper.engines import ENGINES
from vesper.engines.scripted import SCRIPTED
from vesper.ports.audio import Samples
from vesper.ports.engine import EngineSpec
from vesper.ports.tts import Pcm, SpeakingStyle, TextToSpeech
from vesper.worker.proxy import EngineProxy, make_async

SPECS = [spec for spec in (*ENGINES, *SCRIPTED) if spec.role == "tts"]
SENTENCE = "Your timer is set for five minutes."


@pytest.fixture(params=SPECS, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    return request.param


@pytest.fixture
async def voice(spec: EngineSpec) -> AsyncIterator[TextToSpeech]:
    owner = TaskOwner("test")
    proxy: EngineProxy = make_async(spec, owner=owner)
    await proxy.open()
    yield cast("TextToSpeech", proxy)
    await proxy.close()
    await owner.close()


async def said(voice: TextToSpeech, text: str, style: SpeakingStyle | None = None) -> tuple[Samples, int]:
    """The whole sound of a text and its rate; no sound has rate 0."""
    pieces = [pcm async for pcm in voice.speak(text, style or SpeakingStyle())]
    rates = {pcm.rate for pcm in pieces}
    assert len(rates) <= 1
    return np.concatenate([*(pcm.samples for pcm in pieces), np.zeros(0, np.float32)]), max(rates, default=0)


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


async def test_a_sentence_becomes_audible_sound(voice: TextToSpeech) -> None:
    samples, rate = await said(voice, SENTENCE)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert 8_000 <= rate <= 48_000
    assert 0.8 < len(samples) / rate < 10
    assert 0.01 < rms(samples) < 1
    assert np.abs(samples).max() <= 1


async def test_none_of_many_clauses_is_silent(voice: TextToSpeech) -> None:
    """One rendering in a hundred was, when the end of one cut off the beginning of the next."""
    lengths = [len((await said(voice, "It's three."))[0]) for _ in range(150)]
    assert min(lengths) > 0.8 * max(lengths)


async def test_the_sound_begins_and_ends_at_once(voice: TextToSpeech) -> None:
    samples, rate = await said(voice, SENTENCE)
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    assert loud[0] / rate < 0.04
    assert (len(samples) - loud[-1]) / rate < 0.25


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07\x1b", "...!?", "🎉", "\ud800"])
async def test_text_without_anything_to_say_gives_no_sound(voice: TextToSpeech, text: str) -> None:
    assert len((await said(voice, text))[0]) == 0


@pytest.mark.parametrize(
    "text", ["one\x00two", "caf\ud800e", "a\r\nb\tc", "<speak>tags</speak>", "[[h@'loU]]", "Grüße"]
)
async def test_odd_characters_do_not_stop_a_voice(voice: TextToSpeech, text: str) -> None:
    assert len((await said(voice, text))[0]) > 0


async def test_voices_have_names_of_their_own_and_each_can_speak(voice: TextToSpeech) -> None:
    voices = await voice.voices()
    assert voices
    assert len({one.name for one in voices}) == len(voices)
    english = [one for one in voices if one.language.startswith("en")]
    for one in (english[0], english[-1]):
        assert len((await said(voice, "hello", SpeakingStyle(voice=one.name)))[0])


async def test_a_voice_that_is_not_there_is_replaced_by_the_default(voice: TextToSpeech) -> None:
    expected, _ = await said(voice, SENTENCE)
    found, _ = await said(voice, SENTENCE, SpeakingStyle(voice="Somebody Else"))
    assert len(found) == pytest.approx(len(expected), rel=0.01)


async def test_volume_makes_the_same_sound_louder_or_softer(voice: TextToSpeech) -> None:
    loud, _ = await said(voice, SENTENCE, SpeakingStyle(volume=100))
    soft, _ = await said(voice, SENTENCE, SpeakingStyle(volume=25))
    silent, _ = await said(voice, SENTENCE, SpeakingStyle(volume=0))
    assert len(loud) == pytest.approx(len(soft), rel=0.01)
    assert rms(soft) == pytest.approx(rms(loud) / 4, rel=0.02)
    assert not len(silent) or rms(silent) == 0


async def test_a_long_text_begins_soon_and_can_be_left(voice: TextToSpeech) -> None:
    begun = time.monotonic()
    async with aclosing(
        cast("AsyncGenerator[Pcm, None]", voice.speak("A long story. " * 700, SpeakingStyle()))
    ) as pieces:
        await anext(pieces)
    assert time.monotonic() - begun < 1.5
    assert len((await said(voice, "hello"))[0])


async def test_a_word_of_ten_thousand_letters_ends(voice: TextToSpeech) -> None:
    assert len((await said(voice, "a" * 10_000))[0])


async def test_the_probe_speaks_and_is_content(voice: TextToSpeech) -> None:
    assert (await voice.probe()).state == "ok"


async def test_closing_twice_is_harmless(spec: EngineSpec) -> None:
    owner = TaskOwner("test")
    proxy = make_async(spec, owner=owner)
    await proxy.open()
    await proxy.close()
    await proxy.close()
    await owner.close()
