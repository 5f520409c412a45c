"""A sleep is noticed, whether the monotonic clock stands still in it or not."""

from __future__ import annotations

from datetime import timedelta

from vesper.base.clock import VirtualClock
from vesper.voice.sleep_watch import SleepWatch


async def test_time_that_passes_as_it_should_is_no_sleep() -> None:
    clock = VirtualClock()
    watch = SleepWatch(clock)
    for _ in range(10):
        await clock.advance(1.0)
        assert not watch.has_slept()


async def test_a_wall_clock_that_went_on_alone_was_a_sleep_and_is_told_once() -> None:
    clock = VirtualClock()
    watch = SleepWatch(clock)
    await clock.advance(1.0)
    clock.set_wall(clock.now() + timedelta(minutes=5))
    assert watch.has_slept()
    await clock.advance(1.0)
    assert not watch.has_slept()


async def test_ticks_that_are_missing_were_a_sleep() -> None:
    clock = VirtualClock()
    watch = SleepWatch(clock)
    await clock.advance(30.0)
    assert watch.has_slept()


async def test_a_clock_that_is_put_back_or_corrected_a_little_is_none() -> None:
    clock = VirtualClock()
    watch = SleepWatch(clock)
    clock.set_wall(clock.now() - timedelta(hours=1))
    assert not watch.has_slept()
    clock.set_wall(clock.now() + timedelta(seconds=2))
    assert not watch.has_slept()
