"""SoundSpeaker: what happens to a playback when its stream ends; the device's callbacks are made by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from vesper.base.clock import SystemClock, VirtualClock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines.audio_sounddevice import speaker as speaker_file
from vesper.engines.audio_sounddevice.speaker import SoundSpeaker
from vesper.ports.audio import DeviceInfo

RATE = 16_000
BLOCK = 320
TIMES = SimpleNamespace(outputBufferDacTime=1.05, currentTime=1.0)  # what is handed over sounds 50 ms later


class Machine:
    """Opens streams for a speaker, unless it has none; `ends` are their words that they have ended."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.has_device = True
        self.looked_anew = 0
        self.ends: list[Callable[[], None]] = []
        self.names: list[str] = []
        self.speaker = SoundSpeaker(
            DeviceInfo("Desk", "output", RATE),
            self.clock,
            name="Desk",
            open_stream=self.open,
            on_close=lambda: None,
            on_lost=self.look_anew,
        )

    def open(self, speaker: SoundSpeaker, finished: Callable[[], None]) -> Any:
        if not self.has_device:
            raise Missing("speaker.missing", "There is none.")
        self.ends.append(finished)
        self.names.append(speaker.name)
        return SimpleNamespace(close=lambda ignore_errors: None)

    def look_anew(self) -> None:
        self.looked_anew += 1

    def take(self) -> np.ndarray:
        """The device takes a block."""
        data = bytearray(4 * BLOCK)
        self.speaker.fill(memoryview(data), BLOCK, TIMES, None)
        return np.frombuffer(bytes(data), np.float32)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.005)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(speaker_file, "_GO_ON_AFTER_S", (0.0, 0.01, 0.01))
    return Machine()


async def played_a_while(machine: Machine) -> tuple[Any, np.ndarray]:
    """A second of sound, of which 0.2 s were taken and 0.15 s heard."""
    playback = machine.speaker.play(RATE)
    sound = np.linspace(0.1, 0.5, RATE, dtype=np.float32)
    playback.append(sound)
    for _ in range(10):
        machine.take()
        await machine.clock.advance(BLOCK / RATE)
    assert playback.played_s == pytest.approx(0.15)
    return playback, sound


async def test_a_stream_that_ends_by_itself_is_opened_anew_and_nothing_is_lost(machine: Machine) -> None:
    playback, sound = await played_a_while(machine)
    machine.ends[0]()
    machine.until(lambda: len(machine.ends) == 2)
    assert machine.looked_anew == 1
    assert machine.take() == pytest.approx(sound[2400 : 2400 + BLOCK])
    assert not playback.is_over
    assert not machine.speaker.is_lost


async def test_a_device_that_comes_a_moment_later_is_waited_for(machine: Machine) -> None:
    await played_a_while(machine)
    machine.has_device = False
    machine.ends[0]()
    machine.until(lambda: machine.looked_anew == 2)
    machine.has_device = True
    machine.until(lambda: len(machine.ends) == 2 or machine.speaker.is_lost)


async def test_with_no_device_any_more_the_playback_ends_with_what_was_heard(machine: Machine) -> None:
    playback, _ = await played_a_while(machine)
    machine.has_device = False
    machine.ends[0]()
    machine.until(lambda: machine.speaker.is_lost)
    assert playback.is_over
    assert playback.played_s == pytest.approx(0.15)
    with pytest.raises(DeviceLost):
        machine.speaker.play(RATE)


async def test_another_device_that_is_chosen_goes_on_where_the_first_was(machine: Machine) -> None:
    _, sound = await played_a_while(machine)
    machine.speaker.use("Headset")
    assert machine.names == ["Desk", "Headset"]
    machine.ends[0]()  # the word of the first stream comes late and means nothing
    assert machine.take() == pytest.approx(sound[2400 : 2400 + BLOCK])
    assert len(machine.ends) == 2


def test_a_device_that_is_chosen_while_nothing_sounds_is_used_next_time(machine: Machine) -> None:
    machine.speaker.use("Headset")
    assert machine.names == []
    machine.speaker.play(RATE)
    assert machine.names == ["Headset"]


async def test_a_stream_that_was_closed_on_purpose_is_not_opened_again(machine: Machine) -> None:
    await played_a_while(machine)
    machine.speaker.close()
    machine.ends[0]()
    await SystemClock().sleep(0.1)
    assert len(machine.ends) == 1
