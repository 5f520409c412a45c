"""The mixer: what is played together, and what of it was heard. Blocks are asked for by hand, no device."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from vesper.base.clock import VirtualClock
from vesper.engines.audio_sounddevice.mixer import Mixer

RATE = 16_000
BLOCK = 320  # 20 ms
LATENCY_S = 0.06


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def mixer(clock) -> Mixer:
    return Mixer(RATE, clock)


async def run(mixer: Mixer, seconds: float) -> np.ndarray:
    """Let the device ask for sound for a while; what it got."""
    blocks = []
    for _ in range(round(seconds * RATE / BLOCK)):
        blocks.append(mixer.fill(BLOCK, mixer.now() + LATENCY_S))
        await mixer.clock.advance(BLOCK / RATE)
    return np.concatenate(blocks)


def level(value: float, seconds: float) -> np.ndarray:
    return np.full(round(seconds * RATE), value, np.float32)


async def test_sound_comes_out_as_it_went_in(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    sound = np.linspace(-0.5, 0.5, 1000, dtype=np.float32)
    playback.append(sound[:300])
    playback.append(sound[300:])
    playback.finish()
    assert (await run(mixer, 0.1))[:1000].tolist() == sound.tolist()


async def test_two_playbacks_are_added_and_each_has_its_gain(mixer):
    for gain in (0.5, 1.0):
        playback, _ = mixer.play(RATE, gain)
        playback.append(level(0.2, 0.1))
    assert (await run(mixer, 0.1)) == pytest.approx(0.3, abs=1e-6)


async def test_too_loud_a_sum_is_clipped(mixer):
    for _ in range(3):
        mixer.play(RATE, 1.0)[0].append(level(0.9, 0.1))
    assert (await run(mixer, 0.1)).max() == 1.0


async def test_another_rate_is_resampled(mixer):
    playback, _ = mixer.play(48_000, 1.0)
    playback.append(np.zeros(4800, np.float32))
    playback.finish()
    await run(mixer, 0.5)
    assert playback.played_s == pytest.approx(0.1, abs=1e-3)


async def test_played_is_what_has_left_the_speaker_not_what_was_handed_over(mixer, clock):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 1.0))
    assert playback.started_at is None
    start = clock.monotonic()
    await run(mixer, 0.2)
    assert playback.played_s == pytest.approx(0.2 - LATENCY_S)
    assert playback.started_at == pytest.approx(start + LATENCY_S)


async def test_a_pause_in_what_is_appended_is_not_counted_as_played(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 0.1))
    await run(mixer, 0.5)
    assert playback.played_s == pytest.approx(0.1)
    playback.append(level(0.1, 0.1))
    await run(mixer, 0.1)
    assert playback.played_s == pytest.approx(0.1 + 0.1 - LATENCY_S)
    assert not playback.is_over


async def test_it_is_over_when_its_last_sample_has_been_heard(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 0.1))
    playback.finish()
    await run(mixer, 0.1)
    assert not playback.is_over
    await run(mixer, LATENCY_S)
    assert playback.is_over


async def test_waiting_for_the_end_ends_at_the_end(mixer, clock):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 0.1))
    playback.finish()
    waiting = asyncio.get_running_loop().create_task(playback.ended())
    await run(mixer, 0.14)
    assert not waiting.done()
    await run(mixer, 0.04)
    assert waiting.done()


async def test_flushing_all_that_sounds_makes_the_device_drop_what_it_holds(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 1.0))
    await run(mixer, 0.3)
    playback.flush()
    assert mixer.cut_if_flushed()
    assert playback.is_over
    assert playback.played_s == pytest.approx(0.3 - LATENCY_S)
    assert mixer.is_resting


async def test_flushing_one_of_two_fades_it_and_leaves_the_other(mixer):
    voice, _ = mixer.play(RATE, 1.0)
    ring, _ = mixer.play(RATE, 1.0)
    voice.append(level(0.4, 1.0))
    ring.append(level(0.1, 1.0))
    await run(mixer, 0.1)

    voice.flush()

    assert not mixer.cut_if_flushed()
    after = await run(mixer, 0.1)
    assert after[0] == pytest.approx(0.5, abs=0.01)
    assert np.abs(np.diff(after)).max() < 0.01  # faded, no click
    assert after[BLOCK:] == pytest.approx(0.1, abs=1e-6)
    assert voice.is_over
    assert not ring.is_over


async def test_what_is_appended_after_a_flush_is_not_heard(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 0.1))
    playback.flush()
    playback.append(level(0.5, 1.0))
    assert mixer.cut_if_flushed()
    assert not (await run(mixer, 0.1)).any()


async def test_a_new_playback_in_the_instant_of_a_flush_is_not_cut_with_it(mixer):
    old, _ = mixer.play(RATE, 1.0)
    old.append(level(0.1, 1.0))
    await run(mixer, 0.1)
    old.flush()
    new, must_start = mixer.play(RATE, 1.0)
    new.append(level(0.2, 0.1))
    assert not mixer.cut_if_flushed()
    assert not must_start
    assert (await run(mixer, 0.1))[BLOCK:] == pytest.approx(0.2, abs=1e-6)


async def test_ducking_is_a_short_ramp_there_and_back(mixer):
    mixer.play(RATE, 1.0)[0].append(level(0.5, 1.0))
    await run(mixer, 0.1)
    mixer.duck(0.1)
    down = await run(mixer, 0.1)
    assert np.abs(np.diff(down)).max() < 0.01
    assert down[round(0.05 * RATE) :] == pytest.approx(0.05, abs=1e-4)
    mixer.duck(1.0)
    assert (await run(mixer, 0.1))[round(0.05 * RATE) :] == pytest.approx(0.5, abs=1e-4)


async def test_the_device_may_rest_after_some_silence_and_is_started_for_the_next_sound(mixer):
    playback, must_start = mixer.play(RATE, 1.0)
    assert must_start
    playback.append(level(0.1, 0.1))
    playback.finish()
    await run(mixer, 1.0)
    assert not mixer.rest_if_quiet(4.0)
    await run(mixer, 4.0)
    assert mixer.rest_if_quiet(4.0)
    assert mixer.play(RATE, 1.0)[1]


async def test_a_device_that_starts_waits_a_moment_for_the_first_sound(mixer, clock):
    playback, _ = mixer.play(RATE, 1.0)
    starting = asyncio.get_running_loop().run_in_executor(None, mixer.await_sound, 5.0)
    playback.append(level(0.1, 0.1))
    async with asyncio.timeout(1):
        await starting
    assert mixer.fill(BLOCK, 0.0) == pytest.approx(0.1)


async def test_an_open_playback_without_sound_keeps_the_device_awake(mixer):
    mixer.play(RATE, 1.0)
    await run(mixer, 10.0)
    assert not mixer.rest_if_quiet(4.0)


async def test_a_lost_device_ends_everything_with_what_was_heard(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 1.0))
    await run(mixer, 0.5)
    mixer.lose()
    await playback.ended()
    assert playback.is_over
    assert playback.played_s == pytest.approx(0.5 - LATENCY_S)


async def test_what_a_device_took_and_did_not_play_is_handed_over_again(mixer, clock):
    playback, _ = mixer.play(RATE, 1.0)
    sound = np.linspace(-0.5, 0.5, RATE, dtype=np.float32)
    playback.append(sound)
    playback.finish()
    taken = await run(mixer, 0.5)
    heard = round(playback.played_s * RATE)
    assert heard < len(taken)
    mixer.rewind()
    await clock.advance(1.0)
    assert round(playback.played_s * RATE) == heard, "nothing is heard while no device plays"
    again = await run(mixer, 0.7)
    assert again[: RATE - heard] == pytest.approx(sound[heard:])
    assert playback.is_over
    assert playback.played_s == pytest.approx(1.0)


async def test_a_playback_that_was_handed_over_whole_is_not_over_when_its_device_goes(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 0.04))
    playback.finish()
    mixer.fill(BLOCK * 2, mixer.now() + LATENCY_S)
    mixer.rewind()
    assert playback.started_at is None
    assert (await run(mixer, 0.04)) == pytest.approx(0.1)


async def test_long_sound_is_not_kept_to_be_played_again(mixer):
    playback, _ = mixer.play(RATE, 1.0)
    playback.append(level(0.1, 30.0))
    await run(mixer, 20.0)
    assert sum(len(piece) for piece in playback._handed) <= 2.1 * RATE
