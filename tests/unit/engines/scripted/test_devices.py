"""The scripted microphone and speaker, on a clock that stands still until it is moved."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.base.clock import VirtualClock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines.scripted.devices import ScriptedDevices
from vesper.engines.scripted.tones import heard, spoken
from vesper.ports.audio import AudioFrame


def samples(frames: list[AudioFrame]) -> np.ndarray:
    return np.concatenate([frame.samples for frame in frames])


def test_the_microphone_hears_the_script_in_front_of_faint_noise() -> None:
    devices = ScriptedDevices([(0.5, "okay nabu"), (2.0, "stop")], VirtualClock(), is_fast=True, length_s=3.0)
    microphone = devices.open_microphone("")
    frames: list[AudioFrame] = []
    with pytest.raises(EOFError):
        while True:
            frames += microphone.read(0.1)
    assert len(frames) == 300
    assert [frame.first_sample for frame in frames[:3]] == [0, 160, 320]
    assert heard(samples(frames)) == "okay nabu stop"
    assert 1e-4 < np.std(samples(frames[:40])) < 1e-3


async def test_at_real_pace_a_frame_comes_when_its_time_has_come() -> None:
    clock = VirtualClock()
    microphone = ScriptedDevices(clock=clock).open_microphone("")
    assert microphone.read(0.0) == []
    await clock.advance(0.0301)
    frames = microphone.read(0.0)
    assert [round(frame.captured_at, 3) for frame in frames] == [0.01, 0.02, 0.03]


def test_a_microphone_that_is_unplugged_is_lost_until_it_is_plugged_in_again() -> None:
    devices = ScriptedDevices(clock=VirtualClock(), is_fast=True)
    microphone = devices.open_microphone("")
    devices.unplug()
    with pytest.raises(DeviceLost):
        microphone.read(0.0)
    with pytest.raises(Missing):
        devices.open_microphone("")
    assert [device.kind for device in devices.devices()] == ["output"]
    devices.plug()
    assert devices.open_microphone("").read(0.0)


def test_a_closed_microphone_gives_nothing() -> None:
    microphone = ScriptedDevices(clock=VirtualClock(), is_fast=True).open_microphone("")
    microphone.close()
    with pytest.raises(EOFError):
        microphone.read(0.0)


async def test_the_speaker_has_said_what_time_has_played() -> None:
    clock = VirtualClock()
    speaker = ScriptedDevices(clock=clock).open_speaker("")
    playback = speaker.play(16_000)
    playback.append(spoken("hello"))
    playback.append(spoken("you"))
    playback.finish()
    assert (playback.played_s, playback.is_over) == (0.0, False)
    await clock.advance(5 * 0.06)
    assert speaker.said == ["hello"]
    await clock.advance(10)
    assert speaker.said == ["helloyou"]
    assert playback.is_over
    assert playback.played_s == pytest.approx(8 * 0.06)
    await playback.ended()


async def test_a_flush_keeps_only_what_was_played() -> None:
    clock = VirtualClock()
    speaker = ScriptedDevices(clock=clock).open_speaker("")
    playback = speaker.play(16_000)
    playback.append(spoken("hello"))
    await clock.advance(2 * 0.06)
    playback.flush()
    playback.append(spoken("late"))
    assert playback.is_over
    await clock.advance(10)
    assert speaker.said == ["he"]
    assert playback.played_s == pytest.approx(0.12, abs=0.001)


async def test_short_sounds_are_no_answers() -> None:
    clock = VirtualClock()
    speaker = ScriptedDevices(clock=clock).open_speaker("")
    speaker.play(16_000, kind="sound").append(spoken("chime"))
    await clock.advance(1)
    assert speaker.said == []
