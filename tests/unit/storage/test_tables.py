"""Tables: whatever devices may one day share has an id made here, stamps and a tombstone."""

from __future__ import annotations

from sqlmodel import SQLModel

from vesper.storage import tables

STAYS_HERE = {"this_device", "turns"}
NEEDED = {"id", "stamp", "device", "field_stamps", "deleted_stamp"}


def test_every_table_that_could_be_shared_has_what_sync_needs():
    shared = {name: set(table.columns.keys()) for name, table in SQLModel.metadata.tables.items()}
    assert {name for name, columns in shared.items() if not columns >= NEEDED} == STAYS_HERE


def test_local_fields_exist():
    assert set(tables.ScheduledItem.model_fields) >= tables.ScheduledItem.local_fields


def test_a_fired_key_can_be_there_only_once():
    assert [column.name for column in SQLModel.metadata.tables["firings"].primary_key] == ["id"]
