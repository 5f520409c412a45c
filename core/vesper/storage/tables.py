"""All tables. Imported in the storage thread only: sqlmodel alone takes a second of CPU time to import.

Rows that several devices may one day share are `Synced`: a random id, a stamp for the row and for each field, and a
tombstone instead of deletion. docs/decisions/0004-storage.md says why. Times are milliseconds since 1970 in UTC.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class Synced(SQLModel):
    """What every row has that devices can share.

    `stamp` and `device` say when (hybrid logical clock) and where the row was last edited, `field_stamps` the same
    for each field as {field: [stamp, device]}: the last writer wins per field. `deleted_stamp` makes it a tombstone;
    an edit after it brings the row back. `local_fields` mean something on this device only and are never stamped.
    """

    local_fields: ClassVar[frozenset[str]] = frozenset()

    id: str = Field(primary_key=True)
    stamp: int = Field(default=0)
    device: str = ""
    field_stamps: dict[str, list[Any]] = Field(default_factory=dict, sa_type=JSON)
    deleted_stamp: int | None = Field(default=None, index=True)


class ThisDevice(SQLModel, table=True):
    """The one row about this device: its random id and the last stamp it gave."""

    __tablename__ = "this_device"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True)
    created_ms: int
    last_stamp: int = 0


class ScheduledItem(Synced, table=True):
    """Something that comes due: a timer; alarms and reminders lie here as well.

    `rule` (recurrence or local time) and `zone` (IANA name) are for items that follow a calendar. `duration_ms`,
    `left_ms` (while paused) and the boot-clock anchor are for those that count elapsed time. `armed` counts how often
    it was set going; id and count make the key under which it fires.
    """

    __tablename__ = "scheduled_items"  # pyright: ignore[reportAssignmentType]
    local_fields: ClassVar[frozenset[str]] = frozenset({"due_boot_ms", "boot_id"})

    kind: str = Field(default="timer", index=True)
    name: str = ""
    state: str = "running"
    rule: str | None = None
    zone: str | None = None
    created_ms: int = 0
    due_ms: int | None = None
    duration_ms: int | None = None
    left_ms: int | None = None
    armed: int = 1
    due_boot_ms: int | None = None
    boot_id: str = ""


class Firing(Synced, table=True):
    """That an item fired. The id is its fired key (item id / intended occurrence), so that it can be here only once.

    `outcome`: rang or missed.
    """

    __tablename__ = "firings"  # pyright: ignore[reportAssignmentType]

    item_id: str = Field(default="", index=True)
    due_ms: int = 0
    outcome: str = ""


class TurnRow(SQLModel, table=True):
    """The trace of a turn, without a word of what was said; the newest 200 are kept. Never leaves this device."""

    __tablename__ = "turns"  # pyright: ignore[reportAssignmentType]

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(index=True)
    trace: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class SpokenWords(Synced, table=True):
    """What was said in a turn and what Vesper answered; written only while the user keeps a history."""

    __tablename__ = "spoken_words"  # pyright: ignore[reportAssignmentType]

    turn_id: str = Field(default="", index=True)
    at_ms: int = 0
    said: str = ""
    answered: str = ""
