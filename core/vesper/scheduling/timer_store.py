"""Timers as rows: how the keeper's values lie in the database. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from vesper.scheduling.schedule import State, Timer
from vesper.storage.database import Database

if TYPE_CHECKING:
    from sqlmodel import Session

    from vesper.storage.tables import ScheduledItem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Firing:
    """That an item fired: under which key, when it was due (UTC), and whether it rang or was missed."""

    key: str
    item_id: str
    due: datetime
    outcome: Literal["rang", "missed"]


class TimerStore:
    """Loads and saves timers; both raise StorageFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[Timer]:
        """All timers that have not ended, in the order in which they were set."""
        return await self._database.read(_load)

    async def save(self, changed: Iterable[Timer], ended: Iterable[str], firings: Iterable[Firing]) -> None:
        """Write timers, the ends of others and firings, all or nothing; doing it twice changes nothing."""

        def write(session: Session) -> None:
            for firing in firings:
                _write_firing(session, firing)
            for timer in changed:
                _write_timer(session, timer)
            for timer_id in ended:
                _end_timer(session, timer_id)

        await self._database.write(write)


def _load(session: Session) -> list[Timer]:
    from sqlalchemy import text
    from sqlmodel import col, select

    from vesper.storage.tables import ScheduledItem

    query = (
        select(ScheduledItem)
        .where(ScheduledItem.kind == "timer", col(ScheduledItem.deleted_stamp).is_(None))
        .order_by(col(ScheduledItem.created_ms), text("rowid"))  # set within one millisecond: as they were written
    )
    return [_timer(row) for row in session.exec(query)]


def _timer(row: ScheduledItem) -> Timer:
    states: dict[str, State] = {"running": "running", "paused": "paused", "ringing": "ringing"}
    return Timer(
        id=row.id,
        name=row.name,
        state=states[row.state],
        duration=timedelta(milliseconds=row.duration_ms or 0),
        created=_moment(row.created_ms),
        due=None if row.due_ms is None else _moment(row.due_ms),
        due_boot_s=(row.due_boot_ms or 0) / 1000,
        boot_id=row.boot_id,
        left=None if row.left_ms is None else timedelta(milliseconds=row.left_ms),
        armed=row.armed,
    )


def _write_timer(session: Session, timer: Timer) -> None:
    from vesper.storage.rows import put
    from vesper.storage.tables import ScheduledItem

    values = {
        "kind": "timer",
        "name": timer.name,
        "state": timer.state,
        "duration_ms": _ms(timer.duration),
        "created_ms": _ms(timer.created - _EPOCH),
        "due_ms": None if timer.due is None else _ms(timer.due - _EPOCH),
        "due_boot_ms": None if timer.due is None else round(timer.due_boot_s * 1000),
        "boot_id": timer.boot_id,
        "left_ms": None if timer.left is None else _ms(timer.left),
        "armed": timer.armed,
    }
    put(session, ScheduledItem, timer.id, values=values)


def _end_timer(session: Session, timer_id: str) -> None:
    from vesper.storage.rows import bury
    from vesper.storage.tables import ScheduledItem

    bury(session, ScheduledItem, timer_id, erase={"name": ""})


def _write_firing(session: Session, firing: Firing) -> None:
    from vesper.storage.rows import put
    from vesper.storage.tables import Firing as FiringRow

    values = {"item_id": firing.item_id, "due_ms": _ms(firing.due - _EPOCH), "outcome": firing.outcome}
    put(session, FiringRow, firing.key, values=values)


def _ms(length: timedelta) -> int:
    return round(length / timedelta(milliseconds=1))


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
