"""The stream microphone: noise for ever, utterances where they are put, every frame in its time."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.base.clock import VirtualClock
from vesper.evaluation.sound_stream import StreamMicrophone
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame

FRAME_S = FRAME_SAMPLES / SAMPLE_RATE


async def heard(microphone: StreamMicrophone, clock: VirtualClock, count: int) -> list[AudioFrame]:
    frames: list[AudioFrame] = []
    while len(frames) < count:
        frames += microphone.read(0.0)
        await clock.advance(FRAME_S)
    return frames


async def test_no_frame_comes_before_its_time_is_over() -> None:
    clock = VirtualClock()
    microphone = StreamMicrophone(clock)
    assert microphone.read(0.0) == []
    await clock.advance(FRAME_S)
    assert [frame.captured_at for frame in microphone.read(0.0)] == [pytest.approx(FRAME_S)]
    assert microphone.read(0.0) == []


async def test_an_utterance_begins_at_the_moment_that_say_tells() -> None:
    clock = VirtualClock()
    microphone = StreamMicrophone(clock)
    await heard(microphone, clock, 5)
    begins_at = microphone.say(np.full(2 * FRAME_SAMPLES, 0.5, np.float32))
    frames = await heard(microphone, clock, 4)
    loud = [frame for frame in frames if frame.samples.max() > 0.4]
    assert len(loud) == 2
    assert loud[0].captured_at == pytest.approx(begins_at + FRAME_S)


async def test_positions_follow_each_other_through_noise_and_speech() -> None:
    clock = VirtualClock()
    microphone = StreamMicrophone(clock)
    microphone.say(np.full(3 * FRAME_SAMPLES, 0.5, np.float32))
    frames = await heard(microphone, clock, 6)
    assert [frame.first_sample for frame in frames] == [n * FRAME_SAMPLES for n in range(6)]


async def test_it_has_ended_when_everything_put_in_was_heard_and_goes_on_as_noise() -> None:
    clock = VirtualClock()
    microphone = StreamMicrophone(clock)
    microphone.say(np.full(FRAME_SAMPLES, 0.5, np.float32))
    assert not microphone.has_ended
    frames = await heard(microphone, clock, 3)
    assert microphone.has_ended
    assert 0 < np.abs(frames[-1].samples).max() < 0.01


def test_a_closed_microphone_gives_nothing_more() -> None:
    microphone = StreamMicrophone(VirtualClock())
    microphone.close()
    with pytest.raises(EOFError):
        microphone.read(0.0)
