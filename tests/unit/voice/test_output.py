"""The one speaker: opened when first needed, told once when it is missing, silent at once."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.errors import DeviceLost, Missing
from vesper.base.events import DeviceBack, DeviceLostEvent, Problem
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted.devices import ScriptedDevices, ScriptedPlayback, ScriptedSpeaker
from vesper.voice.earcons import HEARING_TONES_HZ, Earcons, sound
from vesper.voice.output import Output

ONE_SECOND = np.full(16_000, 0.5, np.float32)


class Devices(ScriptedDevices):
    """Scripted devices whose speaker can be taken away, or be slow to open until `may_open` is set."""

    has_speaker = True

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock=clock)
        self.may_open = threading.Event()
        self.may_open.set()

    def open_speaker(self, name: str) -> ScriptedSpeaker:
        if not self.has_speaker:
            raise Missing("speaker.missing", "There is no speaker.", "Connect one.")
        self.may_open.wait(10)
        return super().open_speaker(name)


class Room:
    """An output in a room of its own."""

    def __init__(self, settings: SettingsFile) -> None:
        self.clock = VirtualClock()
        self.bus = EventBus(self.clock)
        self.problems = self.bus.subscribe(Problem)
        self.devices = Devices(self.clock)
        self.settings = settings
        self.output = Output(self.devices, settings, self.bus)


@pytest.fixture
def room(settings: SettingsFile) -> Room:
    return Room(settings)


async def test_the_speaker_is_opened_once_and_shared(room: Room) -> None:
    await room.output.play_once(ONE_SECOND, 16_000)
    await room.output.play_once(ONE_SECOND, 16_000)
    assert len(room.devices.speakers) == 1


async def test_silence_flushes_everything_that_sounds(room: Room) -> None:
    playbacks = [await room.output.play_once(ONE_SECOND, 16_000) for _ in range(2)]
    await room.clock.advance(0.25)
    room.output.silence()
    assert all(playback is not None and playback.is_over for playback in playbacks)
    assert playbacks[0] is not None
    assert abs(playbacks[0].played_s - 0.25) < 0.01


async def test_what_is_silenced_while_the_speaker_opens_never_sounds(room: Room) -> None:
    room.devices.may_open.clear()
    begun = asyncio.create_task(room.output.play_once(ONE_SECOND, 16_000))
    await asyncio.sleep(0.02)
    room.output.silence()
    room.devices.may_open.set()
    playback = await begun
    await room.clock.advance(2)
    assert playback is not None
    assert playback.is_over
    assert playback.played_s == 0
    after = await room.output.play_once(ONE_SECOND, 16_000)
    await room.clock.advance(2)
    assert after is not None
    assert after.played_s == 1


async def test_a_missing_speaker_is_told_once_and_tried_again(room: Room) -> None:
    room.devices.has_speaker = False
    assert await room.output.play_once(ONE_SECOND, 16_000) is None
    assert await room.output.play_once(ONE_SECOND, 16_000) is None
    room.devices.has_speaker = True
    assert await room.output.play_once(ONE_SECOND, 16_000) is not None
    room.problems.close()
    assert [event.as_dict()["code"] async for event in room.problems] == ["speaker.missing"]


async def test_after_closing_the_next_sound_opens_the_speaker_anew(room: Room) -> None:
    await room.output.play_once(ONE_SECOND, 16_000)
    await room.output.close()
    await room.output.play_once(ONE_SECOND, 16_000)
    assert len(room.devices.speakers) == 2


async def test_another_speaker_that_is_chosen_takes_over_what_sounds(room: Room) -> None:
    playback = await room.output.play_once(ONE_SECOND, 16_000)
    room.settings.apply("audio.output_device", "Headset")
    await room.output.switch()
    assert room.devices.speakers[0].used == ["Headset"]
    assert playback is not None
    assert not playback.is_over


async def test_a_lost_speaker_is_told_and_told_again_when_it_is_back(room: Room) -> None:
    events = room.bus.subscribe(DeviceLostEvent, DeviceBack)
    await room.output.play_once(ONE_SECOND, 16_000)
    room.devices.speakers[0].play = lost  # type: ignore[method-assign]
    assert await room.output.play_once(ONE_SECOND, 16_000) is None
    assert await room.output.play_once(ONE_SECOND, 16_000) is not None
    events.close()
    assert [event.name async for event in events] == ["device.lost", "device.back"]


def lost(rate: int, *, gain: float = 1.0, kind: str = "voice") -> ScriptedPlayback:
    raise DeviceLost("speaker.lost", "The speaker is gone.")


async def test_earcons_are_off_by_one_setting(room: Room) -> None:
    earcons = Earcons(room.output, room.settings)
    assert await earcons.play("hearing") is not None
    room.settings.apply("audio.earcons", False)
    assert await earcons.play("hearing") is None


def test_the_tones_that_are_filtered_are_those_of_the_chime() -> None:
    samples, rate = sound("hearing")
    spectrum = np.abs(np.fft.rfft(samples, rate)) ** 2  # one bin a hertz
    near = np.zeros(len(spectrum), bool)
    for tone in HEARING_TONES_HZ:
        near[max(0, round(tone) - 200) : round(tone) + 200] = True
    assert spectrum[near].sum() / spectrum.sum() > 0.97
