"""The user's data as the Assistant holds it: opened in the background, and never a reason not to start.

Where the storage cannot be opened (damaged, wrong key, read-only, full) Vesper says so once and goes on without it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import StorageFailed, VesperError, unexpected
from vesper.base.paths import UserPaths
from vesper.ports.engine import Probe
from vesper.ports.secrets import SecretStore
from vesper.storage.database import Database
from vesper.storage.keys import database_key
from vesper.storage.turns import Turns
from vesper.voice.trace import TurnRecord


def _on_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")


_log = logging.getLogger(__name__)


class Stores:
    """The database and what lies in it; `notice` is called once with what the user should know about the key."""

    def __init__(
        self,
        paths: UserPaths,
        keyring: SecretStore,
        *,
        bus: EventBus,
        clock: Clock,
        notice: Callable[[str], None] = _on_stderr,
    ) -> None:
        self._paths = paths
        self._keyring = keyring
        self._bus = bus
        self._clock = clock
        self._notice = notice
        self._database: Database | None = None
        self._failure: VesperError | None = None

    async def open(self) -> Database | None:
        """Find the key and open the database; None when that is not possible (told as a problem)."""
        database: Database | None = None
        try:
            key = await asyncio.to_thread(database_key, self._paths, self._keyring)
            if key.notice:
                self._notice(key.notice)
            database = Database(self._paths.database_file, key.key, self._clock)
            await database.open()
        except Exception as error:  # noqa: BLE001 (whatever it is, the assistant answers without storage)
            self._failure = unexpected(error)
            self._bus.tell(self._failure)
            if database is not None:
                await database.close()
            return None
        self._database = database
        return database

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        if self._database is not None:
            await self._database.close()

    async def keep_turn(self, record: TurnRecord) -> None:
        """Keep a turn's trace; where that fails it is gone with this run, and the answer is not."""
        if self._database is None:
            return
        plain = asdict(record)
        facts: dict[str, Any] = plain.pop("facts")
        try:
            await Turns(self._database).add_turn({**facts, **plain})
        except StorageFailed as error:
            _log.info("a trace could not be kept: %s", error.code)

    async def last_turns(self, count: int) -> list[dict[str, Any]]:
        """The newest traces, the newest last. Raises StorageFailed."""
        return await Turns(self._database).last_turns(count) if self._database is not None else []

    async def probe(self) -> Probe:
        """Whether the user's data can be read."""
        if self._database is None:
            failure = self._failure
            return Probe("problem", failure.sentence, failure.hint) if failure else Probe("problem", "not opened")
        await Turns(self._database).last_turns(1)
        return Probe("ok", self._paths.database_file.name)
