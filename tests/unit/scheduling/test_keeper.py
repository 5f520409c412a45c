"""The keeper on a virtual clock, in memory: what rings when, what is told, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from vesper.base.bus import EventBus, Subscription
from vesper.base.clock import VirtualClock
from vesper.base.errors import BadInput
from vesper.base.events import TimerMissed, TimerRang, TimersChanged, TimerStopped
from vesper.scheduling.keeper import Keeper
from vesper.scheduling.schedule import Moment

FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def bus(clock: VirtualClock) -> EventBus:
    return EventBus(clock)


@pytest.fixture
def events(bus: EventBus) -> Subscription:
    return bus.subscribe(TimerRang, TimerStopped, TimerMissed)


@pytest.fixture
async def keeper(clock: VirtualClock, bus: EventBus) -> AsyncIterator[Keeper]:
    keeper = Keeper(None, clock, bus)
    await keeper.start()
    yield keeper
    await keeper.close()


async def told(events: Subscription) -> list[tuple[str, str]]:
    """What has been published since the last look, as (event, timer's name)."""
    events.close()
    found: list[tuple[str, str]] = []
    while (event := await events.next()) is not None:
        assert isinstance(event, TimerRang | TimerStopped | TimerMissed)
        found.append((event.name, event.timer_name))
    return found


async def test_a_timer_rings_at_its_time_even_after_a_day(clock: VirtualClock, keeper: Keeper, events: Subscription):
    await keeper.add_timer(timedelta(days=1), "cake")
    await clock.advance(86399.9)
    assert keeper.timers()[0].state == "running"
    await clock.advance(0.3)
    event = await events.next()
    assert isinstance(event, TimerRang)
    assert event.at == pytest.approx(86400, abs=0.2)
    assert event.as_dict()["name"] == "cake"


async def test_several_timers_ring_each_at_its_own_time(clock: VirtualClock, keeper: Keeper, events: Subscription):
    await keeper.add_timer(timedelta(minutes=3), "egg")
    await keeper.add_timer(timedelta(minutes=1), "tea")
    await clock.advance(61)
    assert [timer.state for timer in keeper.timers()] == ["running", "ringing"]
    await clock.advance(120)
    assert await told(events) == [("timer.rang", "tea"), ("timer.rang", "egg")]


async def test_stopping_ends_ringing_timers_only(clock: VirtualClock, keeper: Keeper, events: Subscription):
    await keeper.add_timer(timedelta(minutes=1), "tea")
    await keeper.add_timer(FIVE_MINUTES, "egg")
    await clock.advance(60)
    assert [timer.name for timer in await keeper.stop()] == ["tea"]
    assert await keeper.stop() == ()
    assert [timer.name for timer in keeper.timers()] == ["egg"]
    assert await told(events) == [("timer.rang", "tea"), ("timer.stopped", "tea")]


async def test_nobody_comes_so_ringing_ends_as_missed(clock: VirtualClock, keeper: Keeper, events: Subscription):
    await keeper.add_timer(timedelta(minutes=1), "tea")
    await clock.advance(60 + 15 * 60)
    assert keeper.timers() == ()
    assert await told(events) == [("timer.rang", "tea"), ("timer.missed", "tea")]


async def test_a_paused_timer_does_not_ring(clock: VirtualClock, keeper: Keeper, events: Subscription):
    timer = await keeper.add_timer(FIVE_MINUTES)
    await clock.advance(60)
    await keeper.pause(timer.id)
    await clock.advance(3600)
    resumed = await keeper.resume(timer.id)
    assert keeper.remaining(resumed) == timedelta(minutes=4)
    await clock.advance(241)
    assert await told(events) == [("timer.rang", "")]


async def test_time_added_to_a_ringing_timer_stops_it_and_lets_it_run(
    clock: VirtualClock, keeper: Keeper, events: Subscription
):
    timer = await keeper.add_timer(timedelta(minutes=1), "tea")
    await clock.advance(65)
    await keeper.change(timer.id, FIVE_MINUTES)
    await clock.advance(299)
    assert keeper.timers()[0].state == "running"
    await clock.advance(2)
    assert await told(events) == [("timer.rang", "tea"), ("timer.stopped", "tea"), ("timer.rang", "tea")]


async def test_a_cancelled_timer_can_be_brought_back_with_its_time(clock: VirtualClock, keeper: Keeper):
    timer = await keeper.add_timer(FIVE_MINUTES, "tea")
    (cancelled,) = await keeper.cancel(timer.id)
    await clock.advance(60)
    restored = await keeper.restore(cancelled)
    assert keeper.remaining(restored) == timedelta(minutes=4)


async def test_what_has_ended_cannot_be_changed(keeper: Keeper):
    timer = await keeper.add_timer(FIVE_MINUTES)
    await keeper.cancel(timer.id)
    assert await keeper.cancel(timer.id) == ()
    for act in (keeper.pause, keeper.resume):
        with pytest.raises(BadInput, match="already ended"):
            await act(timer.id)
    with pytest.raises(BadInput, match="already ended"):
        await keeper.change(timer.id, FIVE_MINUTES)


async def test_setting_the_wall_clock_shifts_the_due_time_that_is_shown_and_nothing_else(
    clock: VirtualClock, keeper: Keeper, events: Subscription
):
    await keeper.add_timer(FIVE_MINUTES, "tea")
    await clock.advance(30)
    hour_back = clock.now() - timedelta(hours=1)
    clock.set_wall(hour_back)
    await clock.advance(30)
    assert keeper.timers()[0].due == hour_back - timedelta(seconds=30) + FIVE_MINUTES
    await clock.advance(239)
    assert keeper.timers()[0].state == "running"
    await clock.advance(1.1)
    assert await told(events) == [("timer.rang", "tea")]


@pytest.mark.parametrize(("asleep_s", "expected"), [(290, "timer.rang"), (3600, "timer.missed")])
async def test_a_machine_that_slept_rings_what_just_came_due_and_misses_the_rest(
    clock: VirtualClock, bus: EventBus, events: Subscription, asleep_s: float, expected: str
):
    slept = 0.0

    def read() -> Moment:
        """As on Linux: asleep, the clock that `sleep` waits on stands still, wall and boot clock go on."""
        return Moment(clock.now() + timedelta(seconds=slept), clock.monotonic() + slept, "boot")

    keeper = Keeper(None, clock, bus, read_moment=read)
    await keeper.start()
    await keeper.add_timer(FIVE_MINUTES, "tea")
    await clock.advance(20)
    slept = asleep_s
    await clock.advance(5.1)
    await keeper.close()
    assert await told(events) == [(expected, "tea")]


async def test_the_window_gets_plain_values(clock: VirtualClock, keeper: Keeper, bus: EventBus):
    with bus.subscribe(TimersChanged) as changes:
        timer = await keeper.add_timer(FIVE_MINUTES, "tea")
        await clock.advance(60)
        await keeper.pause(timer.id)
        running, paused = await changes.next(), await changes.next()
    assert isinstance(running, TimersChanged)
    assert isinstance(paused, TimersChanged)
    plain = {"id": timer.id, "name": "tea", "duration_s": 300.0}
    due = "2026-03-02T09:05:00+00:00"
    assert running.timers == ({**plain, "state": "running", "due": due, "remaining_s": 300.0},)
    assert paused.timers == ({**plain, "state": "paused", "due": None, "remaining_s": 240.0},)


async def test_without_storage_the_keeper_works_and_says_that_nothing_is_kept(keeper: Keeper):
    await keeper.add_timer(FIVE_MINUTES)
    assert not keeper.is_durable
