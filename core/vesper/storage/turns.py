"""The traces of the last 200 turns: times, scores, counters and outcomes; what was said only in the user's history.

What is kept is chosen here, once more: numbers of any name, but text only in fields that never hold words of a
person. So a new step may add its figures freely, and no slip elsewhere puts a sentence into the trace.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from vesper.storage.connection import open_connection, sqlcipher
from vesper.storage.database import Database
from vesper.storage.failures import storage_failure
from vesper.storage.migration import NEWEST

if TYPE_CHECKING:
    from sqlmodel import Session

KEPT_TURNS = 200
TEXT_FIELDS = frozenset(
    {
        "id",
        "opened_by",
        "started_at",
        "outcome",
        "phrase",
        "engine",
        "error",
        "reason",
        "source",
        "verdict",
        "language",
        "end",
    }
)
"""Fields of a trace that may hold text; in any other field text is left out. `intents` keeps the names alone."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a turn, for the user's own history: what was said, what was answered, when (ms since 1970)."""

    said: str
    answered: str
    at_ms: int


class Turns:
    """Keeps the traces of turns in the database. Both methods raise StorageFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_turn(self, trace: Mapping[str, Any], said: Said | None = None) -> None:
        """Keep the trace of a turn that has ended (`id`, `outcome`, `ms` …), and drop the oldest beyond 200.

        `said` is given only while the user keeps a history.
        """
        wordless = without_words(trace)
        await self._database.write(lambda session: _add(session, wordless, said))

    async def last_turns(self, count: int = KEPT_TURNS) -> list[dict[str, Any]]:
        """The newest traces, the newest last; those with history also have `said` and `answered`."""
        return await self._database.read(lambda session: _last(session, count))

    async def forget_words(self) -> None:
        """Erase the whole history of what was said; the traces stay."""
        await self._database.write(_forget_words)


def without_words(trace: Mapping[str, Any]) -> dict[str, Any]:
    """The trace with only what may be kept without the user's consent."""
    kept: dict[str, Any] = {}
    for name, value in trace.items():
        if name == "intents":
            kept[name] = _intent_names(value)
        elif isinstance(value, Mapping):
            kept[name] = without_words(cast("Mapping[str, Any]", value))
        elif value is None or isinstance(value, int | float) or (isinstance(value, str) and name in TEXT_FIELDS):
            kept[name] = value
    return kept


def _intent_names(intents: Iterable[str | Mapping[str, Any]]) -> list[str]:
    """Names of intents, whether given as names or as mappings with slots (slots hold what was said)."""
    return [intent if isinstance(intent, str) else str(intent.get("intent", "")) for intent in intents]


def add_turn_alone(path: Path, key: bytes, trace: Mapping[str, Any]) -> bool:
    """Keep a trace on a connection of its own, in a file that no other part of this process has open.

    For a command that only leaves a trace: a few milliseconds, where opening a Database takes a second of CPU time.
    False, with nothing done, where there is no file of the newest form yet. Blocking. Raises StorageFailed.
    """
    if not path.exists():
        return False
    try:
        with closing(open_connection(path, key)) as connection:
            known = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            form = known and connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if not form or form[0] != NEWEST:
                return False
            connection.execute("BEGIN IMMEDIATE")
            _insert(connection.execute, without_words(trace))
            connection.execute("COMMIT")
            return True
    except sqlcipher().Error as error:
        raise storage_failure(error, path) from error


def _add(session: Session, trace: dict[str, Any], said: Said | None) -> None:
    from vesper.storage.rows import put
    from vesper.storage.tables import SpokenWords

    _insert(session.connection().exec_driver_sql, trace)
    if said is not None:
        row_id = str(trace.get("id", ""))
        values = {"turn_id": row_id, "at_ms": said.at_ms, "said": said.said, "answered": said.answered}
        put(session, SpokenWords, row_id, values=values)


def _insert(execute: Callable[[str, tuple[Any, ...]], Any], trace: dict[str, Any]) -> None:
    """The trace as the newest row; `execute` is a connection's, of SQLAlchemy or of SQLCipher alone."""
    execute("INSERT INTO turns (id, trace) VALUES (?, ?)", (str(trace.get("id", "")), json.dumps(trace)))
    execute("DELETE FROM turns WHERE number <= (SELECT max(number) FROM turns) - ?", (KEPT_TURNS,))


def _last(session: Session, count: int) -> list[dict[str, Any]]:
    from sqlmodel import col, select

    from vesper.storage.tables import SpokenWords, TurnRow

    rows = session.exec(select(TurnRow).order_by(col(TurnRow.number).desc()).limit(count)).all()
    query = select(SpokenWords).where(
        col(SpokenWords.id).in_([row.id for row in rows]), col(SpokenWords.deleted_stamp).is_(None)
    )
    words = {spoken.id: {"said": spoken.said, "answered": spoken.answered} for spoken in session.exec(query)}
    return [{**row.trace, **words.get(row.id, {})} for row in reversed(rows)]


def _forget_words(session: Session) -> None:
    from sqlmodel import select

    from vesper.storage.rows import bury
    from vesper.storage.tables import SpokenWords

    for row_id in session.exec(select(SpokenWords.id)).all():
        bury(session, SpokenWords, row_id, erase={"said": "", "answered": ""})
