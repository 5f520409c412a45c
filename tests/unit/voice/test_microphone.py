"""The microphone is opened, muted truly, and brought back by itself."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from tests.support.scripted_microphones import FakeMicrophone, ScriptedMicrophones
from vesper.audio.ears import AudibleReport, Ears, MicrophoneReport, Report
from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.errors import DeviceLost
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
            self.care.heard(report)

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


class Several(Desk):
    """The chosen microphone "Desk", the system's choice "Laptop", and "Hall"."""

    def __init__(self, settings: SettingsFile, *ranked: str) -> None:
        super().__init__(settings)
        settings.apply("audio.input_device", ranked)
        self.several = ScriptedMicrophones(self.clock, "Laptop", "Desk", "Hall")
        self.care._devices = self.several

    def told(self) -> list[str]:
        """Events and the codes of problems since the last time."""
        names: list[str] = []
        while self._events._queue:
            event = self._events._queue.popleft()
            known = event.as_dict()
            names.append(known.get("code") or " ".join([event.name, known.get("device", "")]).strip())
        return names

    @property
    def heard_through(self) -> list[str]:
        return [microphone.info.name for microphone in self.several.open_now]


@pytest.fixture
def several(settings: SettingsFile) -> Several:
    return Several(settings, "Desk", "Hall")


async def started(room: Several) -> Several:
    await room.care.start()
    await room.run(1.0)
    room.told()
    return room


async def test_the_first_of_the_list_is_heard_and_nothing_is_said_of_it(several: Several) -> None:
    await several.care.start()
    await several.run(1.0)
    assert several.heard_through == ["Desk"]
    assert several.told() == ["listening.armed"]
    await several.care.close()


async def test_pulled_out_the_next_of_the_list_is_heard_and_then_the_first_again(several: Several) -> None:
    await started(several)
    several.several.pull("Desk")
    await several.run(1.0)
    assert several.heard_through == ["Hall"]
    assert several.told() == ["device.lost Desk", "microphone.lost", "device.back Hall", "listening.armed"]
    several.several.push("Desk")
    await several.run(1.0)
    assert several.heard_through == ["Desk"]
    assert several.told() == ["device.back Desk", "listening.armed"]
    assert several.care._settings.get("audio.input_device") == ("Desk", "Hall")
    await several.care.close()


async def test_with_nothing_of_the_list_there_the_systems_choice_is_heard_and_that_is_said_once(
    several: Several,
) -> None:
    several.several.pull("Desk")
    several.several.pull("Hall")
    await several.care.start()
    await several.run(1.0)
    assert several.heard_through == ["Laptop"]
    assert several.told() == ["listening.armed", "microphone.replaced"]
    several.several.push("Garden")
    await several.run(1.0)
    assert several.told() == []
    await several.care.close()


async def test_what_there_is_to_know_of_the_next_one_is_told_once_it_is_heard(settings: SettingsFile) -> None:
    room = await started(Several(settings, "Desk"))
    room.several.pull("Desk")
    await room.run(1.0)
    lost, found = ["device.lost Desk", "microphone.lost"], ["device.back Laptop", "listening.armed"]
    assert room.told() == [*lost, *found, "microphone.replaced"]
    await room.care.close()


async def test_one_that_was_pulled_out_and_plugged_in_at_once_is_opened_anew(several: Several) -> None:
    await started(several)
    several.several.infos = [info for info in several.several.infos if info.name != "Desk"]
    several.several.push("Desk")
    await several.run(0.5)
    assert several.several.opened == ["Desk", "Desk"]
    assert several.told() == ["device.lost Desk", "microphone.lost", "device.back Desk", "listening.armed"]
    await several.care.close()


async def test_one_whose_stream_the_sound_server_moved_to_another_is_lost_all_the_same(several: Several) -> None:
    await started(several)
    several.several.moves_streams = True
    several.several.pull("Desk")
    await several.run(0.5)
    assert several.heard_through == ["Hall"]
    assert several.told() == ["device.lost Desk", "microphone.lost", "device.back Hall", "listening.armed"]
    await several.care.close()


async def test_another_choice_of_the_system_is_followed_without_a_list(settings: SettingsFile) -> None:
    room = await started(Several(settings))
    room.several.change("Hall", is_default=True)
    await room.run(0.5)
    assert room.heard_through == ["Hall"]
    assert room.told() == ["device.back Hall", "listening.armed"]
    await room.care.close()


async def test_another_choice_of_the_system_changes_nothing_for_a_list(several: Several) -> None:
    await started(several)
    several.several.change("Laptop", is_default=True)
    await several.run(0.5)
    assert (several.several.opened, several.told()) == (["Desk"], [])
    await several.care.close()


async def test_a_starved_one_is_passed_over_until_it_gives_sound_again(several: Several) -> None:
    await started(several)
    several.several.starving.add("Desk")
    await several.run(0.5)
    assert several.heard_through == ["Hall"]
    assert several.told() == ["device.lost Desk", "microphone.starved", "device.back Hall", "listening.armed"]
    await several.run(5.0)
    assert several.heard_through == ["Hall"]
    several.several.starving.clear()
    await several.run(7.0)
    assert several.heard_through == ["Desk"]
    assert several.told() == ["device.back Desk", "listening.armed"]
    await several.care.close()


async def test_three_seconds_of_zeros_are_noticed_and_another_one_is_heard(several: Several) -> None:
    await started(several)
    several.several.dead.add("Desk")
    await several.run(2.8)
    assert several.told() == []
    await several.run(0.7)
    assert several.heard_through == ["Hall"]
    assert several.told() == ["device.lost Desk", "microphone.silent", "device.back Hall", "listening.armed"]
    await several.care.close()


async def test_one_that_is_muted_in_the_system_is_a_wish_and_no_other_is_opened(several: Several) -> None:
    await started(several)
    several.several.change("Desk", is_muted=True)
    await several.run(8.0)
    assert several.several.opened == ["Desk"]
    assert several.told() == ["device.lost Desk", "microphone.muted_in_system"]
    several.several.change("Desk", is_muted=False)
    await several.run(0.3)
    assert several.several.opened == ["Desk"]
    assert several.told() == ["device.back Desk", "listening.armed"]
    await several.care.close()


async def test_one_that_is_switched_on_in_the_system_and_still_dead_is_noticed(several: Several) -> None:
    await started(several)
    several.several.dead.add("Desk")
    several.several.change("Desk", is_muted=True)
    await several.run(4.0)
    several.several.change("Desk", is_muted=False)
    await several.run(2.5)
    assert several.heard_through == ["Desk"]
    await several.run(1.5)
    assert several.heard_through == ["Hall"]
    assert several.told()[-3:] == ["microphone.silent", "device.back Hall", "listening.armed"]
    await several.care.close()


async def test_a_single_dead_one_is_opened_again_and_told_once(settings: SettingsFile) -> None:
    room = await started(Several(settings))
    room.several.infos = room.several.infos[:1]
    room.several.dead.add("Laptop")
    await room.run(8.0)
    assert len(room.several.opened) > 1
    assert room.told() == ["device.lost Laptop", "microphone.silent"]
    room.several.dead.clear()
    await room.run(0.5)
    assert room.told() == ["device.back Laptop", "listening.armed"]
    await room.care.close()


async def test_after_a_sleep_everything_is_built_anew(several: Several) -> None:
    await started(several)
    before = several.several.rescans
    several.clock.set_wall(several.clock.now() + timedelta(hours=8))
    await several.run(1.5)
    assert several.several.opened == ["Desk", "Desk"]
    assert several.several.rescans == before + 1
    assert several.heard_through == ["Desk"]
    assert several.told() == ["device.lost Desk", "device.back Desk", "listening.armed"]
    await several.care.close()


async def test_a_sound_server_that_is_not_ready_after_a_sleep_is_waited_for(several: Several) -> None:
    await started(several)
    there, several.several.infos = several.several.infos, []
    several.clock.set_wall(several.clock.now() + timedelta(hours=8))
    await several.run(4.0)
    assert not several.care.is_open
    several.several.infos = there
    await several.run(2.0)
    assert several.heard_through == ["Desk"]
    assert several.told()[-2:] == ["device.back Desk", "listening.armed"]
    await several.care.close()


async def test_one_that_another_program_holds_is_told_and_the_next_is_heard(several: Several) -> None:
    several.several.taken.add("Desk")
    await several.care.start()
    await several.run(1.0)
    assert several.heard_through == ["Hall"]
    assert several.told() == ["microphone.busy", "listening.armed"]
    several.several.taken.clear()
    await several.run(4.0)
    assert several.heard_through == ["Desk"]
    await several.care.close()


async def test_a_better_one_that_cannot_be_opened_leaves_the_one_that_is_heard(several: Several) -> None:
    several.several.pull("Desk")
    await started(several)
    several.several.taken.add("Desk")
    several.several.push("Desk")
    await several.run(2.0)
    several.several.change("Laptop", is_default=True)
    await several.run(1.0)
    assert several.several.opened == ["Hall"]
    assert several.told() == ["microphone.busy"]
    await several.care.close()


async def test_a_system_that_opens_another_one_is_told(several: Several) -> None:
    several.several.gives_instead["Desk"] = "Laptop"
    await several.care.start()
    await several.run(3.0)
    assert several.care.name == "Laptop"
    assert several.several.opened == ["Laptop"]
    assert several.told() == ["listening.armed", "microphone.another"]
    await several.care.close()


async def test_call_quality_is_warned_about_once_with_a_better_one_by_name(several: Several) -> None:
    several.several.change("Desk", is_call_quality=True)
    await several.care.start()
    await several.run(1.0)
    problem = next(event.as_dict() for event in several._events._queue if event.name == "problem")
    assert problem["code"] == "microphone.call_quality"
    assert "Laptop" in problem["hint"]
    several.told()
    await several.care.mute(True)
    await several.care.mute(False)
    await several.run(1.0)
    assert "microphone.call_quality" not in several.told()
    await several.care.close()


async def test_what_was_being_opened_when_it_was_muted_is_closed(several: Several) -> None:
    may_open, open_microphone = threading.Event(), several.several.open_microphone

    def slowly(name: str) -> FakeMicrophone:
        may_open.wait(5)
        return open_microphone(name)

    await started(several)
    several.several.open_microphone = slowly  # type: ignore[method-assign]
    several.several.pull("Desk")
    await several.run(0.5)
    await several.care.mute(True)
    may_open.set()
    await several.run(0.5)
    assert several.several.opened == ["Desk", "Hall"]
    assert several.heard_through == []
    assert not several.care.is_open
    await several.care.close()


async def test_late_news_of_the_one_before_mean_nothing_for_the_one_that_is_open(several: Several) -> None:
    await started(several)
    [before] = several.several.open_now
    several.several.pull("Desk")
    await several.run(1.0)
    several.told()
    several.care.lost(MicrophoneReport(DeviceLost("microphone.lost", "It is gone."), before))
    several.care.heard(AudibleReport(is_audible=False, microphone=before))
    await several.run(1.0)
    assert (several.heard_through, several.told()) == (["Hall"], [])
    await several.care.close()


async def test_one_that_is_passed_over_and_not_the_best_costs_no_questions(several: Several) -> None:
    await started(several)
    several.several.starving |= {"Desk", "Hall"}
    await several.run(5.0)
    several.several.pull("Desk")
    several.several.push("Desk")
    several.several.starving.clear()
    await several.run(20.0)
    assert several.heard_through == ["Desk"]
    asked = several.several.asked
    await several.run(50.0)
    assert several.several.asked - asked <= 2
    await several.care.close()


async def test_a_recording_is_never_opened_again(settings: SettingsFile) -> None:
    room = Several(settings)
    room.several.follow = lambda on_change: False  # type: ignore[method-assign]
    await started(room)
    room.several.dead.add("Laptop")
    room.clock.set_wall(room.clock.now() + timedelta(hours=8))
    await room.run(5.0)
    assert (room.several.opened, room.told()) == (["Laptop"], [])
    await room.care.close()
