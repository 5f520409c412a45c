"""Synced rows: a stamp for every field that changed, tombstones instead of holes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from tests.support.data import opened_database
from vesper.base.clock import VirtualClock
from vesper.storage.rows import TOMBSTONE_DAYS, bury, put
from vesper.storage.tables import ScheduledItem

ROW = "a" * 32


def change(**values: Any) -> Callable[[Session], None]:
    def work(session: Session) -> None:
        put(session, ScheduledItem, ROW, values=values)

    return work


def kept(session: Session) -> ScheduledItem | None:
    return session.get(ScheduledItem, ROW)


async def test_only_the_field_that_changed_gets_a_newer_stamp(tmp_path: Path):
    async with opened_database(tmp_path / "vesper.db") as database:
        await database.write(change(name="tea", state="running"))
        first = await database.read(kept)
        await database.write(change(name="tea", state="paused"))
        second = await database.read(kept)
    assert first is not None
    assert second is not None
    assert second.field_stamps["name"] == first.field_stamps["name"]
    assert second.field_stamps["state"] == [second.stamp, second.device]
    assert second.stamp > first.stamp
    assert len(second.device) == 32


async def test_writing_the_same_again_stamps_nothing(tmp_path: Path):
    async with opened_database(tmp_path / "vesper.db") as database:
        await database.write(change(name="tea"))
        first = await database.read(kept)
        await database.write(change(name="tea"))
        assert await database.read(kept) == first


async def test_what_means_something_here_alone_is_kept_but_not_stamped(tmp_path: Path):
    async with opened_database(tmp_path / "vesper.db") as database:
        await database.write(change(name="tea", boot_id="this boot"))
        row = await database.read(kept)
    assert row is not None
    assert row.boot_id == "this boot"
    assert set(row.field_stamps) == {"name"}


async def test_a_deleted_row_is_a_tombstone_without_its_words_and_an_edit_brings_it_back(tmp_path: Path):
    async with opened_database(tmp_path / "vesper.db") as database:
        await database.write(change(name="tea"))
        await database.write(lambda session: bury(session, ScheduledItem, ROW, erase={"name": ""}))
        buried = await database.read(kept)
        await database.write(change(name="tea"))
        back = await database.read(kept)
    assert buried is not None
    assert buried.name == ""
    assert buried.deleted_stamp is not None
    assert back is not None
    assert back.deleted_stamp is None
    assert back.stamp > buried.deleted_stamp


async def test_a_wall_clock_set_back_gives_newer_stamps_all_the_same(tmp_path: Path):
    clock = VirtualClock()
    async with opened_database(tmp_path / "vesper.db", clock) as database:
        await database.write(change(name="tea"))
        before = await database.read(kept)
    clock.set_wall(clock.now() - timedelta(days=400))
    async with opened_database(tmp_path / "vesper.db", clock) as database:
        await database.write(change(name="coffee"))
        after = await database.read(kept)
    assert before is not None
    assert after is not None
    assert after.stamp > before.stamp


async def test_tombstones_are_forgotten_after_half_a_year(tmp_path: Path):
    clock = VirtualClock()
    async with opened_database(tmp_path / "vesper.db", clock) as database:
        await database.write(change(name="tea"))
        await database.write(lambda session: bury(session, ScheduledItem, ROW, erase={}))
    for days, is_there in ((TOMBSTONE_DAYS - 1, True), (2, False)):
        clock.set_wall(clock.now() + timedelta(days=days))
        async with opened_database(tmp_path / "vesper.db", clock) as database:
            assert (await database.read(kept) is not None) == is_there
