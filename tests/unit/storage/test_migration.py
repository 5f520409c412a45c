"""Migrations: an empty and a kept old file come to the newest form, a newer one is left alone."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session, SQLModel

from tests.support.data import KEY, opened_database
from vesper.base.clock import VirtualClock
from vesper.base.errors import StorageFailed
from vesper.scheduling.timer_store import TimerStore
from vesper.storage.database import Database
from vesper.storage.migration import FOLDER, NEWEST, current_form
from vesper.storage.turns import Turns

OLD_FORMS = sorted(Path(__file__).parent.glob("form_*.sql"))


def form(session: Session) -> str | None:
    return current_form(session.connection())


def write_old_file(path: Path, dump: Path) -> None:
    sqlcipher: Any = importlib.import_module("sqlcipher3.dbapi2")
    connection = sqlcipher.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()


def test_the_newest_form_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_every_form_that_was_ever_shipped_is_kept_as_a_file():
    shipped = {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("*.py")}
    assert {path.stem.partition("_")[2] for path in OLD_FORMS} == shipped


async def test_an_empty_file_comes_to_the_newest_form_and_the_tables_fit_it(tmp_path: Path):
    def differences(session: Session) -> list[Any]:
        return compare_metadata(MigrationContext.configure(session.connection()), SQLModel.metadata)

    async with opened_database(tmp_path / "vesper.db") as database:
        assert await database.read(form) == NEWEST
        assert await database.read(differences) == []


@pytest.mark.parametrize("dump", OLD_FORMS, ids=lambda path: path.stem)
async def test_a_kept_old_file_comes_to_the_newest_form_with_everything_in_it(tmp_path: Path, dump: Path):
    write_old_file(tmp_path / "vesper.db", dump)
    async with opened_database(tmp_path / "vesper.db") as database:
        assert await database.read(form) == NEWEST
        timers = await TimerStore(database).load()
        assert [(timer.name, timer.state) for timer in timers] == [("tea", "running"), ("", "paused")]
        assert [turn["said"] for turn in await Turns(database).last_turns()] == ["set a timer"]


async def test_a_file_of_a_newer_vesper_is_refused_and_left_as_it_is(tmp_path: Path):
    path = tmp_path / "vesper.db"
    async with opened_database(path) as database:
        await database.write(
            lambda session: (
                session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'").close()
            )
        )
    before = path.read_bytes()
    with pytest.raises(StorageFailed) as failed:
        await Database(path, KEY, VirtualClock()).open()
    assert failed.value.code == "storage.newer"
    assert path.read_bytes() == before
