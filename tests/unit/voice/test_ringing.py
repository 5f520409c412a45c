"""Ringing: bursts that grow louder until the timer is stopped, quiet while the user is being heard."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any, cast

import pytest

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.language import Phrases, load_language
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted.devices import ScriptedDevices, ScriptedSpeaker
from vesper.engines.scripted.notices import ScriptedNotifier
from vesper.scheduling.keeper import Keeper
from vesper.voice.output import Output
from vesper.voice.ringing import Ringing


class Kitchen:
    """A keeper with timers in memory, a speaker, and a screen for notices."""

    def __init__(self, settings: SettingsFile) -> None:
        self.clock = VirtualClock()
        self.devices = ScriptedDevices(clock=self.clock)
        self.notices = ScriptedNotifier()
        bus = EventBus(self.clock)
        self.keeper = Keeper(None, self.clock, bus)
        self.changes: list[bool] = []
        self.ringing = Ringing(
            self.keeper,
            Output(self.devices, settings, bus),
            cast(Any, self.notices),
            words=Phrases(load_language("en"), "voice"),
            bus=bus,
            clock=self.clock,
        )
        self.ringing.on_change = self.changes.append

    async def start(self) -> None:
        await self.keeper.start()
        self.ringing.start()

    async def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.1)):
            await self.clock.advance(0.1)
            await asyncio.sleep(0.002)  # reading the sound and opening the speaker are a thread's work

    def bursts(self) -> list[float]:
        """How loud each burst was begun."""
        playbacks = [playback for speaker in self.devices.speakers for _, playback in speaker._playbacks]
        return [float(playback._gain) for playback in playbacks]

    async def close(self) -> None:
        await self.ringing.close()
        await self.keeper.close()


@pytest.fixture
def kitchen(settings: SettingsFile) -> Kitchen:
    return Kitchen(settings)


async def test_it_rings_in_bursts_that_grow_louder_until_stopped(kitchen: Kitchen) -> None:
    await kitchen.start()
    await kitchen.keeper.add_timer(timedelta(seconds=1), "tea")
    await kitchen.run(12)
    assert kitchen.ringing.is_ringing
    loudness = kitchen.bursts()
    assert len(loudness) >= 3
    assert loudness == sorted(loudness)
    assert loudness[0] < loudness[-1] <= 1.0
    assert await kitchen.ringing.stop()
    await kitchen.run(5)
    assert len(kitchen.bursts()) == len(loudness)
    assert kitchen.changes == [True, False]
    await kitchen.close()


async def test_a_timer_stopped_while_the_speaker_opens_is_not_heard(kitchen: Kitchen) -> None:
    may_open = threading.Event()
    open_speaker = kitchen.devices.open_speaker

    def slowly(name: str) -> ScriptedSpeaker:
        may_open.wait(10)
        return open_speaker(name)

    kitchen.devices.open_speaker = slowly  # type: ignore[method-assign]
    await kitchen.start()
    await kitchen.keeper.add_timer(timedelta(seconds=1), "tea")
    await kitchen.run(2)
    assert await kitchen.ringing.stop()
    await kitchen.run(0.5)
    may_open.set()
    await kitchen.run(3)
    [(_, burst)] = kitchen.devices.speakers[0]._playbacks
    assert burst.played_s == 0
    await kitchen.close()


async def test_the_notice_names_the_timer_and_its_button_stops_it(kitchen: Kitchen) -> None:
    await kitchen.start()
    await kitchen.keeper.add_timer(timedelta(seconds=1), "tea")
    await kitchen.run(2)
    [notice] = kitchen.notices.shown
    assert notice.text == "Your tea timer is done."
    kitchen.notices.press("stop")
    await kitchen.run(1)
    assert not kitchen.ringing.is_ringing
    await kitchen.close()


async def test_the_notice_goes_when_its_timer_is_stopped_elsewhere(kitchen: Kitchen) -> None:
    await kitchen.start()
    tea = await kitchen.keeper.add_timer(timedelta(seconds=1), "tea")
    await kitchen.keeper.add_timer(timedelta(seconds=1), "egg")
    await kitchen.run(2)
    assert len(kitchen.notices.on_screen) == 2
    await kitchen.keeper.stop(tea.id)
    await kitchen.run(1)
    assert [notice.text for notice in kitchen.notices.on_screen] == ["Your egg timer is done."]
    await kitchen.close()


async def test_it_is_quiet_while_the_user_is_being_heard(kitchen: Kitchen) -> None:
    kitchen.ringing.may_sound = lambda: False
    await kitchen.start()
    await kitchen.keeper.add_timer(timedelta(seconds=1), "")
    await kitchen.run(5)
    assert kitchen.ringing.is_ringing
    assert kitchen.bursts() == []
    await kitchen.close()


async def test_it_rings_until_the_last_of_several_is_stopped(kitchen: Kitchen) -> None:
    await kitchen.start()
    first = await kitchen.keeper.add_timer(timedelta(seconds=1), "tea")
    await kitchen.keeper.add_timer(timedelta(seconds=1), "egg")
    await kitchen.run(2)
    await kitchen.keeper.stop(first.id)
    await kitchen.run(1)
    assert kitchen.ringing.is_ringing
    assert await kitchen.ringing.stop()
    await kitchen.run(1)
    assert not kitchen.ringing.is_ringing
    assert not await kitchen.ringing.stop()
    await kitchen.close()
