"""Bringing an older file to the newest form, with Alembic, from inside the program.

Alembic takes a third of a second to import, so it is imported only when the file is not at `NEWEST` already.
A new form: add a file to `migrations/versions` and its id here; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vesper.base.errors import StorageFailed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

NEWEST = "0001"
FOLDER = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine) -> None:
    """Migrate up to NEWEST, all or nothing. Raises StorageFailed for a file of a newer Vesper."""
    with engine.connect() as connection:
        found = current_form(connection)
        connection.rollback()
    if found == NEWEST:
        return
    if found is not None and found not in {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("*.py")}:
        raise StorageFailed(
            "storage.newer", "Your data was written by a newer Vesper.", "Install that version or a newer one."
        )
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        _upgrade(connection)
        connection.commit()


def current_form(connection: Connection) -> str | None:
    """The migration the file is at; None for a new file."""
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
    if tables.first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
