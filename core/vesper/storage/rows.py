"""Writing synced rows: every changed field gets the transaction's stamp, deleted rows become tombstones.

Used inside `Database.write`, which puts the `Author` of the transaction on the session. Imported anywhere at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from vesper.storage.stamps import next_stamp, stamp_at

if TYPE_CHECKING:
    from sqlmodel import Session

    from vesper.storage.tables import Synced

Row = TypeVar("Row", bound="Synced")

TOMBSTONE_DAYS = 180
"""How long a deleted row is remembered, so that a device that was away learns of it (sync needs this)."""


@dataclass(slots=True)
class Author:
    """Who writes in a transaction, and when: this device's id, its last stamp, and the time in ms since 1970."""

    device: str
    last_stamp: int
    now_ms: int
    _stamp: int = 0

    @property
    def stamp(self) -> int:
        """The one stamp of this transaction."""
        if not self._stamp:
            self._stamp = next_stamp(self.last_stamp, self.now_ms)
        return self._stamp

    @property
    def has_written(self) -> bool:
        """Whether a stamp was used."""
        return bool(self._stamp)


def put(session: Session, table: type[Row], row_id: str, *, values: Mapping[str, Any]) -> Row:
    """Create the row or change these fields of it; only fields whose value differs are stamped."""
    author = _author(session)
    found = session.get(table, row_id)
    row = found or table(id=row_id)
    fields = {name: value for name, value in values.items() if found is None or getattr(row, name) != value}
    for name, value in fields.items():
        setattr(row, name, value)
    shared = fields.keys() - table.local_fields
    if shared or row.deleted_stamp is not None:
        row.stamp, row.device, row.deleted_stamp = author.stamp, author.device, None
        row.field_stamps = {**row.field_stamps, **{name: [author.stamp, author.device] for name in sorted(shared)}}
    session.add(row)
    return row


def bury(session: Session, table: type[Synced], row_id: str, *, erase: Mapping[str, Any]) -> None:
    """Delete the row, leaving a tombstone; `erase` overwrites what was private in it. No row, no effect."""
    row = session.get(table, row_id)
    if row is None or row.deleted_stamp is not None:
        return
    author = _author(session)
    for name, value in erase.items():
        setattr(row, name, value)
    row.deleted_stamp, row.device = author.stamp, author.device
    session.add(row)


def purge_tombstones(session: Session, now_ms: int) -> None:
    """Forget what was deleted, and firings, more than 180 days ago."""
    from sqlmodel import col, delete

    from vesper.storage.tables import Firing, ScheduledItem, SpokenWords

    oldest = stamp_at(now_ms - TOMBSTONE_DAYS * 86_400_000)
    for table in (ScheduledItem, Firing, SpokenWords):
        session.exec(delete(table).where(col(table.deleted_stamp) < oldest))
    session.exec(delete(Firing).where(col(Firing.stamp) < oldest))


def _author(session: Session) -> Author:
    author = session.info["author"]
    assert isinstance(author, Author)
    return author
