"""Timers on disk: the keeper of the next start finds them, rings or misses them, and tells each thing once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.data import opened_database
from vesper.base.bus import EventBus, Subscription
from vesper.base.clock import VirtualClock
from vesper.base.events import Problem, TimerMissed, TimerRang
from vesper.scheduling.keeper import Keeper
from vesper.storage.database import Database

FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vesper.db"


@asynccontextmanager
async def running(database: Database | None, clock: VirtualClock) -> AsyncIterator[tuple[Keeper, Subscription]]:
    """A keeper from its start to its end, and what it tells of rings, misses and problems."""
    bus = EventBus(clock)
    events = bus.subscribe(TimerRang, TimerMissed, Problem)
    keeper = Keeper(database, clock, bus)
    await keeper.start()
    try:
        yield keeper, events
    finally:
        await keeper.close()


async def names(events: Subscription) -> list[str]:
    events.close()
    found: list[str] = []
    while (event := await events.next()) is not None:
        found.append(event.name)
    return found


async def test_timers_come_back_as_they_were(path: Path):
    clock = VirtualClock()
    async with opened_database(path, clock) as database, running(database, clock) as (keeper, _):
        tea = await keeper.add_timer(FIVE_MINUTES, "tea")
        egg = await keeper.add_timer(timedelta(minutes=8), "egg")
        await clock.advance(60)
        await keeper.pause(egg.id)
        assert keeper.is_durable
    await clock.advance(60)
    async with opened_database(path, clock) as database, running(database, clock) as (keeper, _):
        assert [(timer.id, timer.name, timer.state) for timer in keeper.timers()] == [
            (tea.id, "tea", "running"),
            (egg.id, "egg", "paused"),
        ]
        assert [keeper.remaining(timer) for timer in keeper.timers()] == [timedelta(minutes=3), timedelta(minutes=7)]


@pytest.mark.parametrize(("away_s", "expected"), [(310, ["timer.rang"]), (400, ["timer.missed"])])
async def test_what_came_due_meanwhile_rings_if_just_now_and_is_else_missed_once(
    path: Path, away_s: float, expected: list[str]
):
    clock = VirtualClock()
    async with opened_database(path, clock) as database, running(database, clock) as (keeper, _):
        await keeper.add_timer(FIVE_MINUTES, "tea")
    await clock.advance(away_s)
    async with opened_database(path, clock) as database:
        async with running(database, clock) as (keeper, events):
            assert await names(events) == expected
            await keeper.stop()
        async with running(database, clock) as (keeper, events):
            assert keeper.timers() == ()
            assert await names(events) == []


async def test_a_ring_that_died_with_its_process_is_missed_at_the_next_start_once(path: Path):
    clock = VirtualClock()
    async with opened_database(path, clock) as database:
        async with running(database, clock) as (keeper, _):
            await keeper.add_timer(timedelta(seconds=0.001), "tea")
            await clock.advance(1)
            await keeper.add_timer(FIVE_MINUTES)  # waits for the ring to be on disk
            assert keeper.timers()[0].state == "ringing"
        for expected in (["timer.missed"], []):
            async with running(database, clock) as (_, events):
                assert await names(events) == expected


async def test_a_failing_disk_keeps_timers_in_memory_says_so_once_and_saves_them_later(path: Path):
    def no_more_pages(session: Session) -> None:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def room_again(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 100000")

    clock = VirtualClock()
    async with opened_database(path, clock) as database:
        async with running(database, clock) as (keeper, events):
            await database.read(no_more_pages)
            for number in range(3):
                await keeper.add_timer(FIVE_MINUTES, f"{number} " + "long name " * 1000)
            assert not keeper.is_durable
            assert await names(events) == ["problem"]
            await database.read(room_again)
            await keeper.add_timer(FIVE_MINUTES, "last")
            assert keeper.is_durable
        async with running(database, clock) as (keeper, _):
            assert len(keeper.timers()) == 4


async def test_storage_that_never_opened_leaves_a_keeper_that_works(path: Path):
    clock = VirtualClock()
    closed = Database(path, bytes(32), clock)
    async with running(closed, clock) as (keeper, events):
        await keeper.add_timer(FIVE_MINUTES, "tea")
        await clock.advance(301)
        assert keeper.timers()[0].state == "ringing"
        assert not keeper.is_durable
        assert await names(events) == ["problem", "timer.rang"]
    await closed.close()


async def test_a_timer_set_before_the_storage_was_open_is_saved_when_it_is(path: Path):
    clock = VirtualClock()
    keeper = Keeper(None, clock, EventBus(clock))
    await keeper.add_timer(FIVE_MINUTES, "early")
    async with opened_database(path, clock) as database:
        keeper.keep_in(database)
        await keeper.start()
        assert keeper.is_durable
        await keeper.close()
        async with running(database, clock) as (reopened, _):
            assert [timer["name"] for timer in reopened.plain_timers()] == ["early"]
