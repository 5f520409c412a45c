"""The database: what write returned is kept, what fails leaves no trace, and trouble is one sentence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, select

from tests.support.data import KEY, opened_database
from vesper.base.clock import VirtualClock
from vesper.base.errors import StorageFailed
from vesper.storage.database import Database
from vesper.storage.rows import put
from vesper.storage.tables import ScheduledItem


def item(name: str) -> Callable[[Session], None]:
    return lambda session: void(put(session, ScheduledItem, f"id of {name}", values={"name": name}))


def void(_row: ScheduledItem) -> None:
    """A row never leaves the storage thread."""


def mode_and_content(path: Path) -> tuple[int, bytes]:
    """The file's permissions, and the bytes of everything beside it too (write-ahead log)."""
    return path.stat().st_mode & 0o777, b"".join(file.read_bytes() for file in path.parent.iterdir())


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-2000] ^= 0xFF
    path.write_bytes(content)


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(ScheduledItem.name)).all())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vesper.db"


async def test_what_was_written_is_there_after_reopening(path: Path):
    async with opened_database(path) as database:
        await database.write(item("tea"))
    async with opened_database(path) as database:
        assert await database.read(names) == ["tea"]


async def test_the_file_is_private_and_holds_no_plain_text(path: Path):
    async with opened_database(path) as database:
        await database.write(item("a secret name"))
    mode, content = mode_and_content(path)
    assert mode == 0o600
    assert b"secret" not in content
    assert b"SQLite format" not in content


async def test_a_failing_write_leaves_nothing_and_raises_its_own_error(path: Path):
    def half(session: Session) -> None:
        item("half")(session)
        session.flush()
        raise ZeroDivisionError

    async with opened_database(path) as database:
        with pytest.raises(ZeroDivisionError):
            await database.write(half)
        assert await database.read(names) == []


async def test_a_cancelled_waiter_does_not_undo_a_write_that_began(path: Path):
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        has_begun.set()
        may_end.wait(10)
        item("tea")(session)

    async with opened_database(path) as database:
        waiter = asyncio.ensure_future(database.write(slow))
        await asyncio.to_thread(has_begun.wait, 10)
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
        may_end.set()
        assert await database.read(names) == ["tea"]


async def test_a_wrong_key_is_one_sentence_and_silent_on_stderr(path: Path, capfd: pytest.CaptureFixture[str]):
    async with opened_database(path) as database:
        await database.write(item("tea"))
    with pytest.raises(StorageFailed) as failed:
        await Database(path, bytes(32), VirtualClock()).open()
    assert failed.value.code == "storage.unreadable"
    assert capfd.readouterr().err == ""
    async with opened_database(path) as database:
        assert await database.read(names) == ["tea"]


async def test_a_damaged_page_is_found_at_opening(path: Path):
    async with opened_database(path) as database:
        await database.write(item("tea"))
    flip_a_byte(path)
    with pytest.raises(StorageFailed) as failed:
        await Database(path, KEY, VirtualClock()).open()
    assert failed.value.code in {"storage.damaged", "storage.unreadable"}


async def test_a_full_disk_refuses_the_write_and_keeps_what_was_there(path: Path):
    def no_more_pages(session: Session) -> None:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    async with opened_database(path) as database:
        await database.write(item("tea"))
        await database.read(no_more_pages)
        with pytest.raises(StorageFailed) as failed:
            await database.write(item("x" * 1_000_000))
        assert failed.value.code == "storage.full"
        assert await database.read(names) == ["tea"]


async def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed) as failed:
        await Database(tmp_path / "file" / "vesper.db", KEY, VirtualClock()).open()
    assert failed.value.code == "storage.unreachable"


async def test_a_closed_database_says_so_and_closes_twice(path: Path):
    async with opened_database(path) as database:
        await database.close()
        with pytest.raises(StorageFailed) as failed:
            await database.read(names)
    assert failed.value.code == "storage.closed"


async def test_everything_runs_in_the_one_storage_thread(path: Path):
    async with opened_database(path) as database:
        threads = await asyncio.gather(*(database.read(lambda _: threading.current_thread().name) for _ in range(5)))
    assert set(threads) == {"vesper-storage_0"}
