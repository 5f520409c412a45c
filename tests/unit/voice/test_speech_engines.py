"""The engines of the voice: what is missing is told, the rest goes on, and all are closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from vesper.audio.wav import read_wav
from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.errors import BadInput, Missing
from vesper.base.language import load_language
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted.hearing import ScriptedVoiceActivityDetector, ScriptedWakeWordDetector
from vesper.engines.scripted.speech import ScriptedTextToSpeech
from vesper.engines.scripted.tones import heard
from vesper.ports.stt import Grammar, GrammarReport, WordGraph
from vesper.ports.tts import Pcm, SpeakingStyle
from vesper.voice.recognition import Recognition
from vesper.voice.speech_engines import HearingEngines, SpeechEngines
from vesper.voice.spoken_text import SpokenText

GRAMMAR = Grammar("key", "en", WordGraph(1, (), {0: 0.0}))


class Engine:
    """An engine that may not be there; as a recogniser it takes grammars, as a voice it speaks tones."""

    def __init__(self, missing: str = "") -> None:
        self._missing = missing
        self.did: list[str] = []

    async def open(self) -> None:
        if self._missing:
            raise Missing(self._missing, "It is not there.", "Install it.")
        self.did.append("open")

    async def close(self) -> None:
        self.did.append("close")

    async def load(self, grammar: Grammar) -> GrammarReport:
        self.did.append(f"load {grammar.key}")
        return GrammarReport(words=0)

    async def speak(self, text: str, style: SpeakingStyle) -> AsyncIterator[Pcm]:
        for pcm in ScriptedTextToSpeech().speak(text, style):
            yield pcm


class Phrases:
    """A detector of short phrases."""

    def __init__(self) -> None:
        self.did: list[str] = []

    async def open(self) -> None:
        self.did.append("open")

    async def close(self) -> None:
        self.did.append("close")

    async def load(self, phrases: Sequence[str]) -> None:
        self.did.append(f"listen for {', '.join(phrases)}")


class Rack:
    """A voice and two recognisers, wired to a bus."""

    def __init__(self, settings: SettingsFile, *, voice: Engine | None = None, stop: Phrases | None = None) -> None:
        self.bus = EventBus(VirtualClock())
        self._events = self.bus.subscribe()
        self.voice, self.live, self.final = voice or Engine(), Engine(), Engine()
        self.wake = ScriptedWakeWordDetector()
        hearing = HearingEngines(
            wake=self.wake,
            activity=ScriptedVoiceActivityDetector(),
            recognition=Recognition(cast(Any, self.live), cast(Any, self.final), "en"),
            recognisers=(self.live, self.final),
            stop=cast(Any, stop),
            short_phrases=["stop"],
            grammar=lambda: GRAMMAR,
        )
        text = SpokenText(load_language("en"))
        self.engines = SpeechEngines(cast(Any, self.voice), text, hearing, settings=settings, bus=self.bus)

    def codes(self) -> list[str]:
        return [event.as_dict()["code"] for event in self._events._queue]


async def test_recognisers_get_their_grammar_and_all_are_closed(settings: SettingsFile) -> None:
    rack = Rack(settings)
    await rack.engines.open_hearing()
    await rack.engines.open_speech()
    await rack.engines.ready()
    assert rack.wake.probe().detail == "okay nabu"
    await rack.engines.close()
    assert rack.live.did == rack.final.did == ["open", "load key", "close"]
    assert rack.voice.did == ["open", "close"]
    assert rack.codes() == []


async def test_without_a_voice_vesper_still_hears_and_says_so(settings: SettingsFile) -> None:
    rack = Rack(settings, voice=Engine(missing="voice.missing"))
    await rack.engines.open_speech()
    await rack.engines.ready()
    assert rack.codes() == ["voice.missing"]
    assert "load key" in rack.final.did


@pytest.mark.parametrize(("is_wanted", "did"), [(True, ["open", "listen for stop"]), (False, [])])
async def test_the_stop_phrase_is_opened_only_when_wanted(
    settings: SettingsFile, is_wanted: bool, did: list[str]
) -> None:
    settings.apply("wake.stop_phrase", is_wanted)
    stop = Phrases()
    await Rack(settings, stop=stop).engines.open_speech()
    assert stop.did == did


async def test_a_text_becomes_a_wav_file(settings: SettingsFile, tmp_path: Path) -> None:
    await Rack(settings).engines.say_into("good morning", tmp_path / "said.wav")
    samples, _ = await asyncio.to_thread(read_wav, tmp_path / "said.wav")
    assert heard(samples) == "good morning"


@pytest.mark.parametrize(("text", "folder"), [("", "."), ("good morning", "nowhere")])
async def test_nothing_to_say_and_nowhere_to_write_are_told(
    settings: SettingsFile, tmp_path: Path, text: str, folder: str
) -> None:
    with pytest.raises(BadInput):
        await Rack(settings).engines.say_into(text, tmp_path / folder / "said.wav")
