"""A microphone that does not work is passed over, tried ever more seldom, and as good as new when plugged in again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.scripted_microphones import ScriptedMicrophones
from vesper.base.clock import VirtualClock
from vesper.ports.audio import DeviceInfo
from vesper.voice.microphone_choice import key
from vesper.voice.set_aside import SetAside, is_heard

DESK = DeviceInfo("Desk", "input", 48_000)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


async def test_it_is_due_after_a_pause_that_grows_with_each_trial(clock: VirtualClock) -> None:
    aside = SetAside(clock)
    aside.put(DESK)
    assert set(aside.keys) == {key(DESK)}
    due: list[float] = []
    while len(due) < 4:
        await clock.advance(0.5)
        if aside.is_any_due and key(DESK) in aside.take_due():
            due.append(clock.monotonic())
    assert due == [3.0, 9.0, 21.0, 45.0]


async def test_one_that_works_again_is_no_longer_passed_over_but_its_past_counts(clock: VirtualClock) -> None:
    aside = SetAside(clock)
    aside.put(DESK)
    aside.take_back(DESK)
    assert not aside.keys
    await clock.advance(100)
    assert not aside.is_any_due
    aside.put(DESK)
    await clock.advance(5.5)
    assert not aside.take_due()
    await clock.advance(1)
    assert set(aside.take_due()) == {key(DESK)}


async def test_the_pause_has_an_end(clock: VirtualClock) -> None:
    aside = SetAside(clock)
    for _ in range(20):
        aside.put(DESK)
        aside.take_back(DESK)
    aside.put(DESK)
    await clock.advance(60)
    assert set(aside.take_due()) == {key(DESK)}


def test_plugged_in_again_it_is_as_good_as_new(clock: VirtualClock) -> None:
    aside = SetAside(clock)
    aside.put(DESK)
    aside.keep_only([replace(DESK, plugged=2)])
    assert not aside.keys


def test_it_is_heard_when_sound_comes_and_closed_behind_it(clock: VirtualClock) -> None:
    devices = ScriptedMicrophones(clock, "Desk")
    assert is_heard(devices, DESK)
    devices.dead.add("Desk")
    assert not is_heard(devices, DESK)
    devices.dead.clear()
    devices.starving.add("Desk")
    assert not is_heard(devices, DESK)
    devices.pull("Desk")
    assert not is_heard(devices, DESK)
    assert not devices.open_now
