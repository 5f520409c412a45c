"""SoundMicrophone: blocks of a device become frames; the device's callbacks are made by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from vesper.base.clock import VirtualClock
from vesper.base.errors import DeviceLost
from vesper.engines.audio_sounddevice.microphone import SoundMicrophone
from vesper.ports.audio import DeviceInfo

FINE = SimpleNamespace(input_overflow=False)


class Stream:
    """Stands for PortAudio's stream: only its closing matters here."""

    is_closed = False

    def close(self, *, ignore_errors: bool) -> None:
        self.is_closed = True


def microphone(clock: VirtualClock, rate: int = 16_000) -> tuple[SoundMicrophone, Stream]:
    opened, stream = SoundMicrophone(DeviceInfo("desk", "input", rate), clock, lambda: None), Stream()
    opened.attach(stream)
    return opened, stream


def give(mic: SoundMicrophone, samples: np.ndarray, age_s: float = 0.05) -> None:
    """One callback of the device; `age_s`: how long ago the block's first sample was captured."""
    times = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=100.0 - age_s)
    mic.take(samples.astype(np.float32).tobytes(), len(samples), times, FINE)


def test_blocks_become_frames_in_order():
    mic, _ = microphone(VirtualClock())
    values = np.arange(1024)
    give(mic, values[:512])
    give(mic, values[512:])
    frames = mic.read(0.1)
    assert [frame.first_sample for frame in frames] == [0, 160, 320, 480, 640, 800]
    assert np.concatenate([frame.samples for frame in frames]).tolist() == values[:960].tolist()


async def test_frames_know_when_they_were_captured():
    clock = VirtualClock()
    await clock.advance(10.0)
    mic, _ = microphone(clock)
    give(mic, np.zeros(320), age_s=0.05)
    assert [f.captured_at for f in mic.read(0.1)] == pytest.approx([10 - 0.05 + 0.01, 10 - 0.05 + 0.02])


def test_a_device_that_gives_no_times_is_taken_to_deliver_at_once():
    mic, _ = microphone(VirtualClock())
    mic.take(np.zeros(160, np.float32).tobytes(), 160, SimpleNamespace(currentTime=0.0, inputBufferAdcTime=9e9), FINE)
    assert mic.read(0.1)[0].captured_at == pytest.approx(0.0)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_any_rate_comes_as_16_khz(rate):
    mic, _ = microphone(VirtualClock(), rate)
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    for start in range(0, rate, rate // 32):
        give(mic, tone[start : start + rate // 32])
    sound = np.concatenate([frame.samples for frame in mic.read(0.1)])
    assert 16_000 - 800 <= len(sound) <= 16_000  # the resampler holds back up to 40 ms
    assert np.sqrt(np.mean(np.square(sound[1600:]))) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


def test_what_nobody_fetches_is_dropped_and_counted_and_positions_stay_true():
    mic, _ = microphone(VirtualClock())
    for _ in range(130):
        give(mic, np.zeros(160))
    assert mic.dropped == 2
    assert len(mic.read(0.1)) == 128
    give(mic, np.zeros(160))
    assert mic.read(0.1)[0].first_sample == 130 * 160


def test_nothing_yet_is_an_empty_answer():
    mic, _ = microphone(VirtualClock())
    assert mic.read(0.001) == []


async def test_a_device_that_gives_nothing_for_half_a_second_is_lost():
    clock = VirtualClock()
    mic, _ = microphone(clock)
    give(mic, np.zeros(160))
    mic.read(0.1)
    await clock.advance(0.4)
    assert mic.read(0.001) == mic.read(0.001) == []
    await clock.advance(0.2)
    with pytest.raises(DeviceLost) as lost:
        mic.read(0.001)
    assert lost.value.code == "microphone.starved"
    assert "desk" in lost.value.sentence


async def test_a_standstill_of_the_whole_machine_is_no_loss():
    clock = VirtualClock()
    mic, _ = microphone(clock)
    give(mic, np.zeros(160))
    mic.read(0.1)
    await clock.advance(5.0)
    assert mic.read(0.001) == []  # the reader woke up before the device
    give(mic, np.zeros(160))
    assert mic.read(0.1)


@pytest.mark.parametrize(("is_bluetooth", "patience_s"), [(False, 1.0), (True, 4.0)])
async def test_a_device_may_take_its_time_before_the_first_sound_but_not_forever(is_bluetooth, patience_s):
    clock = VirtualClock()
    info = DeviceInfo("desk", "input", 16_000, is_call_quality=is_bluetooth)
    mic = SoundMicrophone(info, clock, lambda: None)
    await clock.advance(patience_s - 0.1)
    assert mic.read(0.001) == mic.read(0.001) == []
    await clock.advance(0.2)
    with pytest.raises(DeviceLost):
        mic.read(0.001)


def test_of_several_channels_one_is_heard():
    mic = SoundMicrophone(DeviceInfo("array", "input", 16_000, channels=2), VirtualClock(), lambda: None)
    block = np.stack([np.full(320, 0.5), np.full(320, 0.1)], axis=1)
    times = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=100.0)
    mic.take(block.astype(np.float32).tobytes(), 320, times, FINE)
    frames = mic.read(0.1)
    assert len(frames) == 2
    assert frames[0].samples == pytest.approx(0.5)


@pytest.mark.parametrize(("is_quiet", "heard"), [(True, 0.5), (False, 0.1)])
def test_another_channel_is_chosen_while_vesper_is_quiet(is_quiet, heard):
    info = DeviceInfo("array", "input", 16_000, channels=2)
    mic = SoundMicrophone(info, VirtualClock(), lambda: None, is_quiet=lambda: is_quiet)
    block = np.stack([np.full(320, 0.1), np.full(320, 0.5)], axis=1).astype(np.float32)
    times = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=100.0)
    for _ in range(20):
        mic.take(block.tobytes(), 320, times, FINE)
    assert mic.read(0.1)[-1].samples == pytest.approx(heard)


def test_a_stream_that_ends_by_itself_is_a_lost_device():
    mic, _ = microphone(VirtualClock())
    mic.finished()
    with pytest.raises(DeviceLost):
        mic.read(0.1)


def test_closing_closes_the_stream_and_is_no_loss():
    mic, stream = microphone(VirtualClock())
    mic.close()
    mic.finished()
    mic.close()
    assert stream.is_closed


async def test_a_pause_is_counted_and_the_next_stream_goes_on():
    clock = VirtualClock()
    mic, first = microphone(clock)
    give(mic, np.zeros(320))
    before = mic.read(0.1)[-1]
    mic.pause()
    mic.finished()  # PortAudio's word that the first stream has ended
    await clock.advance(0.5)
    mic.attach(second := Stream())
    give(mic, np.zeros(320))
    assert first.is_closed
    assert mic.read(0.1)[-1].first_sample - before.first_sample == 0.5 * 16_000
    mic.close()
    assert second.is_closed


def test_a_stream_that_comes_after_the_closing_is_closed():
    mic, _ = microphone(VirtualClock())
    mic.close()
    mic.attach(late := Stream())
    assert late.is_closed


def test_one_that_is_away_after_a_pause_is_lost():
    mic, _ = microphone(VirtualClock())
    mic.pause()
    mic.lose()
    with pytest.raises(DeviceLost):
        mic.read(0.1)
