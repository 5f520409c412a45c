"""The user's data as the Assistant holds it: opened in the background, and never a reason not to start.

Where the storage cannot be opened (damaged, wrong key, read-only, full) Vesper says so once and goes on without it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import StorageFailed, VesperError, unexpected
from vesper.base.paths import UserPaths
from vesper.ports.engine import Probe
from vesper.ports.secrets import SecretStore
from vesper.storage.database import Database
from vesper.storage.keys import database_key
from vesper.storage.turns import Said, Turns, add_turn_alone
from vesper.voice.trace import TurnRecord


def _on_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")


_log = logging.getLogger(__name__)


class Stores:
    """The database and what lies in it.

    `keeps_words` says whether the user wants a history of what was said; `notice` is called once with what the user
    should know about the key.
    """

    def __init__(
        self,
        paths: UserPaths,
        keyring: SecretStore,
        *,
        bus: EventBus,
        clock: Clock,
        keeps_words: Callable[[], bool] = lambda: False,
        notice: Callable[[str], None] = _on_stderr,
    ) -> None:
        self._paths = paths
        self._keyring = keyring
        self._bus = bus
        self._clock = clock
        self._keeps_words = keeps_words
        self._notice = notice
        self._database: Database | None = None
        self._failure: VesperError | None = None

    async def open(self) -> Database | None:
        """Find the key and open the database; None when that is not possible (told as a problem)."""
        database: Database | None = None
        try:
            database = Database(self._paths.database_file, await self._key(), self._clock)
            await database.open()
        except Exception as error:  # noqa: BLE001 (whatever it is, the assistant answers without storage)
            self._failure = unexpected(error)
            self._bus.tell(self._failure)
            if database is not None:
                await database.close()
            return None
        self._database = database
        return database

    async def _key(self) -> bytes:
        key = await asyncio.to_thread(database_key, self._paths, self._keyring)
        if key.notice:
            self._notice(key.notice)
        return key.key

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        if self._database is not None:
            await self._database.close()

    async def keep_turn(self, record: TurnRecord) -> None:
        """Keep a turn's trace; where that fails it is gone with this run, and the answer is not."""
        if self._database is None:
            return
        try:
            await Turns(self._database).add_turn(_plain(record), self._words(record))
        except StorageFailed as error:
            _log.info("a trace could not be kept: %s", error.code)

    async def keep_only_turn(self, record: TurnRecord) -> None:
        """Keep a trace without opening the database for it, unless there is none yet that could take it."""
        if self._database is None and self._failure is None and self._words(record) is None:
            try:
                key = await self._key()
                if await asyncio.to_thread(add_turn_alone, self._paths.database_file, key, _plain(record)):
                    return
            except VesperError as error:
                _log.info("a trace could not be kept: %s", error.code)
                return
            await self.open()
        await self.keep_turn(record)

    def _words(self, record: TurnRecord) -> Said | None:
        """The words of a turn, where the user keeps a history and something was said."""
        if not (self._keeps_words() and record.said):
            return None
        at_ms = round(1000 * datetime.fromisoformat(record.started_at).timestamp())
        return Said(record.said, record.answered, at_ms)

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


def _plain(record: TurnRecord) -> dict[str, Any]:
    plain = asdict(record)
    facts: dict[str, Any] = plain.pop("facts")
    del plain["said"], plain["answered"], plain["guess"]
    return {**facts, **plain}
