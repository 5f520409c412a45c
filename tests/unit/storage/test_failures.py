"""What goes wrong on disk becomes one sentence and a hint."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from vesper.storage.failures import damaged, storage_failure

FILE = Path("/home/someone/vesper.db")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "storage.full"),
        (errno.EROFS, "storage.read_only"),
        (errno.EACCES, "storage.read_only"),
        (errno.ENOENT, "storage.unreachable"),
    ],
)
def test_the_file_system_is_translated(number: int, code: str):
    failure = storage_failure(OSError(number, "said the system"), FILE)
    assert failure.code == code
    assert failure.sentence.endswith(".")
    assert str(FILE.parent) in failure.hint


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_NOTADB, "storage.unreadable"),
        (sqlite3.SQLITE_CORRUPT, "storage.damaged"),
        (sqlite3.SQLITE_FULL, "storage.full"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "storage.read_only"),
        (sqlite3.SQLITE_BUSY, "storage.busy"),
        (sqlite3.SQLITE_IOERR, "storage.failed"),
    ],
)
def test_sqlite_is_translated_by_its_primary_code(number: int, code: str):
    error = sqlite3.DatabaseError("said SQLite")
    error.sqlite_errorcode = number
    assert storage_failure(error, FILE).code == code


def test_damage_names_the_file():
    assert str(FILE) in damaged(FILE).hint
