"""Speaking: clause by clause, cut at any moment, with a true account of what was heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import pytest

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.errors import EngineFailed
from vesper.base.events import Event
from vesper.base.language import load_language
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted.devices import ScriptedDevices
from vesper.engines.scripted.speech import ScriptedTextToSpeech
from vesper.ports.tts import Pcm, SpeakingStyle
from vesper.voice.output import Output
from vesper.voice.speaking import Speaking, Spoken
from vesper.voice.spoken_text import SpokenText

FIRST, SECOND = "The first sentence is said.", "The second one follows it."


class Voice:
    """The scripted voice as the voice loop sees it; it fails from the clause on that holds `dies_at`."""

    def __init__(self) -> None:
        self.dies_at = "never"

    async def speak(self, text: str, style: SpeakingStyle) -> AsyncIterator[Pcm]:
        if self.dies_at in text:
            raise EngineFailed("engine.died", "The engine died.")
        for pcm in ScriptedTextToSpeech().speak(text, style):
            yield pcm


class Room:
    """A speaking voice in a room of its own, on a virtual clock."""

    def __init__(self, settings: SettingsFile) -> None:
        self.clock = VirtualClock()
        self.devices = ScriptedDevices(clock=self.clock)
        self.voice = Voice()
        bus = EventBus(self.clock)
        self._events = bus.subscribe()
        self.speaking = Speaking(
            cast(Any, self.voice),
            Output(self.devices, settings, bus),
            SpokenText(load_language("en")),
            settings=settings,
            bus=bus,
            clock=self.clock,
        )

    def begin(self, texts: Sequence[str]) -> asyncio.Task[Spoken]:
        return asyncio.create_task(self.speaking.say(_each(texts)))

    async def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.05)):
            await self.clock.advance(0.05)
            await asyncio.sleep(0.001)  # opening the speaker is a thread's work

    async def ended(self, saying: asyncio.Task[Spoken]) -> Spoken:
        for _ in range(400):
            if saying.done():
                break
            await self.run(0.05)
        return await saying

    def events(self) -> list[Event]:
        return list(self._events._queue)


async def _each(texts: Sequence[str]) -> AsyncIterator[str]:
    for text in texts:
        yield text


@pytest.fixture
def room(settings: SettingsFile) -> Room:
    load_language("en")
    return Room(settings)


async def test_all_of_it_is_said_and_heard(room: Room) -> None:
    spoken = await room.ended(room.begin([FIRST + " ", SECOND]))
    assert spoken.is_whole
    assert spoken.heard == f"{FIRST} {SECOND}"
    assert room.devices.speakers[0].said == [
        "the first sentence is saidthe second one follows it"
    ]  # without a pause between clauses
    assert [event.name for event in room.events()] == ["speaking.started", "speaking.finished"]


async def test_a_cut_is_silent_at_once_and_only_what_was_played_counts(room: Room) -> None:
    saying = room.begin([FIRST + " ", SECOND])
    await room.run(1.8)
    assert room.speaking.cut("wake")
    spoken = await room.ended(saying)
    assert (spoken.heard, spoken.interrupted_by) == (FIRST, "wake")
    [said] = room.devices.speakers[0].said
    await room.run(3.0)
    assert room.devices.speakers[0].said == [said]
    assert "follows" not in said


async def test_the_first_who_cuts_is_the_one_who_cut(room: Room) -> None:
    saying = room.begin([FIRST])
    await room.run(0.5)
    room.speaking.cut("stop")
    room.speaking.cut("wake")
    assert (await room.ended(saying)).interrupted_by == "stop"


async def test_there_is_nothing_to_cut_in_silence(room: Room) -> None:
    assert not room.speaking.cut("user")
    assert not room.speaking.is_speaking


async def test_a_voice_that_fails_is_told_once_and_the_rest_of_the_answer_goes_on(room: Room) -> None:
    room.voice.dies_at = "first"
    spoken = await room.ended(room.begin([FIRST + " ", FIRST + " ", SECOND]))
    assert spoken.heard == SECOND
    assert [event.name for event in room.events()].count("problem") == 1


async def test_switched_off_nothing_sounds(room: Room, settings: SettingsFile) -> None:
    settings.apply("voice.speaks", False)
    spoken = await room.ended(room.begin([FIRST]))
    assert (spoken.heard, spoken.is_whole) == ("", True)
    assert room.devices.speakers == []
    assert room.events() == []
