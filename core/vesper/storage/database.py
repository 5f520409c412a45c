"""The database: one encrypted file, one thread, one transaction at a time.

`read` and `write` take a function of a sqlmodel Session and run it in the storage thread. `write` returns after the
commit has reached the disk (WAL with synchronous=FULL: what was acknowledged survives a power cut). A waiter that is
cancelled does not undo a write that has begun. Nothing heavy is imported before the storage thread needs it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vesper.base.clock import Clock
from vesper.base.errors import StorageFailed
from vesper.storage.connection import open_connection, sqlcipher
from vesper.storage.failures import damaged, storage_failure
from vesper.storage.rows import Author, purge_tombstones

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

T = TypeVar("T")
_log = logging.getLogger(__name__)

OPEN_WAIT_S = 60.0
WORK_WAIT_S = 20.0
CLOSE_WAIT_S = 5.0


class Database:
    """The user's data. `key` is the raw 32-byte key (storage.keys); belongs to the core's event loop."""

    def __init__(self, path: Path, key: bytes, clock: Clock) -> None:
        self._path = path
        self._key = key
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vesper-storage")
        self._engine: Engine | None = None

    async def open(self) -> None:
        """Open or create the file, check it, bring it to the newest form.

        Raises StorageFailed: key does not fit, file damaged, disk full, place read-only. It stays closed then.
        """
        try:
            await self._in_thread(self._open, OPEN_WAIT_S)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    async def read(self, work: Callable[[Session], T]) -> T:
        """What `work(session)` returns; it returns values, no rows, and changes nothing. Raises StorageFailed."""
        return await self._in_thread(lambda: self._transact(work, "BEGIN"))

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work(session)` in one transaction, committed before this returns. Raises StorageFailed.

        Any exception of `work` undoes the whole transaction and comes out here.
        """
        return await self._in_thread(lambda: self._transact(work, "BEGIN IMMEDIATE"))

    async def close(self) -> None:
        """Finish what is queued and close the file. Safe to call twice."""
        try:
            await self._in_thread(self._close, CLOSE_WAIT_S)
        except StorageFailed as failure:
            if failure.code != "storage.closed":
                _log.info("the storage did not close in time")
        self._thread.shutdown(wait=False)

    # -------------------------------------------------- in the storage thread

    async def _in_thread(self, work: Callable[[], T], wait_s: float = WORK_WAIT_S) -> T:
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(self._thread, work)
        except RuntimeError:  # the thread has ended
            raise _closed() from None
        try:
            async with asyncio.timeout(wait_s):
                return await future
        except TimeoutError:
            raise StorageFailed("storage.slow", "The disk takes too long to answer.", "Try again later.") from None

    def _open(self) -> None:
        try:
            self._engine = self._connected()
            self._transact(_check_damage(self._path), "BEGIN")
            _migrate(self._engine)
            self._transact(lambda session: purge_tombstones(session, self._now_ms()), "BEGIN IMMEDIATE")
        except Exception as error:
            self._close()
            raise self._translated(error) from error

    def _connected(self) -> Engine:
        from sqlalchemy.pool import StaticPool
        from sqlmodel import create_engine

        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        return create_engine("sqlite://", creator=lambda: open_connection(self._path, self._key), poolclass=StaticPool)

    def _transact(self, work: Callable[[Session], T], begin: str) -> T:
        if self._engine is None:
            raise _closed()
        from sqlmodel import Session

        try:
            with Session(self._engine, expire_on_commit=False) as session:
                session.connection().exec_driver_sql(begin)
                result = self._signed(session, work) if begin != "BEGIN" else work(session)
                session.commit()
                return result
        except Exception as error:
            raise self._translated(error) from error

    def _signed(self, session: Session, work: Callable[[Session], T]) -> T:
        """Run `work` with this device as the author, and remember the stamp it used."""
        from sqlmodel import select

        from vesper.storage.tables import ThisDevice

        now_ms = self._now_ms()
        device = session.exec(select(ThisDevice)).first()
        if device is None:
            device = ThisDevice(id=secrets.token_hex(16), created_ms=now_ms)
            session.add(device)
        author = Author(device.id, device.last_stamp, now_ms)
        session.info["author"] = author
        result = work(session)
        if author.has_written:
            device.last_stamp = author.stamp
        return result

    def _translated(self, error: Exception) -> Exception:
        """Failures of SQLite and of the file system as StorageFailed; a mistake inside `work` stays what it is."""
        from sqlalchemy.exc import DBAPIError

        if isinstance(error, (DBAPIError, sqlcipher().Error, OSError)):
            return storage_failure(error, self._path)
        return error

    def _close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _now_ms(self) -> int:
        return round(self._clock.now().timestamp() * 1000)


def _check_damage(path: Path) -> Callable[[Session], None]:
    """Read every page: SQLCipher verifies each one's authentication code, SQLite the tree."""

    def check(session: Session) -> None:
        if session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise damaged(path)

    return check


def _migrate(engine: Engine) -> None:
    from vesper.storage.migration import bring_up_to_date

    bring_up_to_date(engine)


def _closed() -> StorageFailed:
    return StorageFailed("storage.closed", "Your data is not open at the moment.", "Start Vesper again.")
