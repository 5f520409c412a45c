"""A real encrypted database for tests: on disk, with a key of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from vesper.base.clock import Clock, VirtualClock
from vesper.storage.database import Database

KEY = bytes(range(32))


@asynccontextmanager
async def opened_database(path: Path, clock: Clock | None = None, key: bytes = KEY) -> AsyncIterator[Database]:
    """The database at `path`, open inside the block."""
    database = Database(path, key, clock or VirtualClock())
    await database.open()
    try:
        yield database
    finally:
        await database.close()
