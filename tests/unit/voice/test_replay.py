"""A recording is replayed frame by frame: 10 ms of sound, 10 ms of time, and nobody is hurried."""

from __future__ import annotations

import time

from vesper.audio.ears import Ears
from vesper.base.clock import VirtualClock
from vesper.engines.scripted.devices import ScriptedDevices
from vesper.engines.scripted.hearing import ScriptedVoiceActivityDetector, ScriptedWakeWordDetector
from vesper.voice.replay import Replay


def ears_over(clock: VirtualClock) -> Ears:
    ears = Ears(ScriptedWakeWordDetector(), ScriptedVoiceActivityDetector(), deliver=lambda _: None)
    ears.use(ScriptedDevices(clock=clock, is_fast=True).open_microphone(""))
    return ears


async def test_sound_and_time_go_together() -> None:
    clock = VirtualClock()
    ears = ears_over(clock)
    await Replay(ears, clock, lambda: False).run(lambda: clock.monotonic() >= 2.0)
    assert ears.frames_heard == round(clock.monotonic() * 100)


async def test_time_goes_on_without_sound() -> None:
    clock = VirtualClock()
    ears = ears_over(clock)
    ears.use(None)
    await Replay(ears, clock, lambda: False).run(lambda: clock.monotonic() >= 0.5)
    assert ears.frames_heard == 0


async def test_while_somebody_works_the_clock_is_no_faster_than_theirs() -> None:
    clock = VirtualClock()
    began = time.monotonic()
    await Replay(ears_over(clock), clock, lambda: clock.monotonic() < 0.05).run(lambda: clock.monotonic() >= 1.0)
    assert 0.04 <= time.monotonic() - began < 0.9
