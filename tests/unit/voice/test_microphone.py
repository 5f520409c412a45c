"""The microphone is opened, muted truly, and brought back by itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from vesper.audio.ears import AudibleReport, Ears, MicrophoneReport, Report
from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.paths import user_paths
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted.devices import ScriptedDevices
from vesper.engines.scripted.hearing import ScriptedVoiceActivityDetector, ScriptedWakeWordDetector
from vesper.voice.microphone import MicrophoneCare


class Desk:
    """A microphone on a desk: it can be unplugged, and the ears are stepped by hand."""

    def __init__(self, settings: SettingsFile) -> None:
        self.clock = VirtualClock()
        self.devices = ScriptedDevices(clock=self.clock, is_fast=True)
        bus = EventBus(self.clock)
        self._events = bus.subscribe()
        self.ears = Ears(ScriptedWakeWordDetector(), ScriptedVoiceActivityDetector(), deliver=self._deliver)
        self.care = MicrophoneCare(self.ears, self.devices, settings=settings, bus=bus, clock=self.clock)

    def _deliver(self, report: Report) -> None:
        if isinstance(report, MicrophoneReport):
            self.care.lost(report)
        elif isinstance(report, AudibleReport):
            self.care.heard(is_audible=report.is_audible)

    async def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.1)):
            self.ears.step(0.0)
            await self.clock.advance(0.1)
            await asyncio.sleep(0.001)  # opening a device is a thread's work

    def names(self) -> list[str]:
        return [event.name for event in self._events._queue]

    def codes(self) -> list[Any]:
        return [event.as_dict()["code"] for event in self._events._queue if event.name == "problem"]


@pytest.fixture
def desk(settings: SettingsFile) -> Desk:
    return Desk(settings)


async def test_it_is_opened_and_heard(desk: Desk) -> None:
    await desk.care.start()
    await desk.run(0.2)
    assert desk.care.is_open
    assert desk.names() == ["listening.armed"]
    assert desk.ears.frames_heard > 0
    await desk.care.close()
    assert not desk.care.is_open


async def test_muted_it_is_closed_and_the_choice_is_on_disk(desk: Desk) -> None:
    await desk.care.start()
    await desk.care.mute(True)
    await desk.run(0.1)
    heard = desk.ears.frames_heard
    await desk.run(0.5)
    assert desk.ears.frames_heard == heard
    assert not desk.care.is_open
    kept = await asyncio.to_thread(SettingsFile, user_paths().settings_file)
    assert kept.get("audio.muted") is True
    await desk.care.mute(False)
    assert desk.care.is_open
    await desk.care.close()


async def test_a_lost_one_is_told_once_and_comes_back_when_it_can(desk: Desk) -> None:
    await desk.care.start()
    await desk.run(0.2)
    desk.devices.unplug()
    await desk.run(6.0)
    assert not desk.care.is_open
    assert desk.codes() == ["microphone.lost", "microphone.missing"]
    desk.devices.plug()
    await desk.run(2.5)
    assert desk.care.is_open
    assert desk.names()[-2:] == ["device.back", "listening.armed"]
    await desk.care.close()


async def test_one_that_is_missing_at_the_start_is_waited_for(desk: Desk) -> None:
    desk.devices.unplug()
    await desk.care.start()
    await desk.run(1.0)
    desk.devices.plug()
    await desk.run(2.5)
    assert desk.names() == ["problem", "listening.armed"]
    await desk.care.close()


async def test_a_recording_that_is_over_is_no_loss(desk: Desk) -> None:
    desk.devices._length_s = 0.05
    await desk.care.start()
    await desk.run(1.0)
    assert desk.care.has_ended
    assert desk.names() == ["listening.armed"]
    await desk.care.close()
