"""What SQLite and the file system say when something is wrong, as one sentence and a hint."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from vesper.base.errors import StorageFailed

_NOT_A_DATABASE = ("storage.unreadable", "Your data cannot be opened: its key does not fit, or the file is damaged.")
_DAMAGED = ("storage.damaged", "Your data is damaged and cannot be read safely.")
_FULL = ("storage.full", "The disk is full, so this could not be saved.")
_READ_ONLY = ("storage.read_only", "Your data folder cannot be written to.")
_CANNOT_OPEN = ("storage.unreachable", "The file with your data cannot be opened.")
_BUSY = ("storage.busy", "Another program is using your data at the moment.")
_OTHER = ("storage.failed", "Your data could not be read or written.")

_BY_SQLITE_CODE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: _NOT_A_DATABASE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
}
_BY_ERRNO: dict[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
}
_HINTS: dict[str, str] = {
    "storage.unreadable": "Restore {path} together with its key from a backup, or move it aside to begin anew.",
    "storage.damaged": "Restore {path} from a backup, or move it aside to begin anew.",
    "storage.full": "Free some space where {path} lies, then try again.",
    "storage.read_only": "Make {folder} writable, or name another folder with --home.",
    "storage.unreachable": "Check that {folder} exists and that you may write there.",
    "storage.busy": "Try again in a moment.",
    "storage.failed": "The log says more; `vesper selfcheck` tests the storage.",
}


def storage_failure(error: BaseException, path: Path) -> StorageFailed:
    """The failure for an exception of the file system, of SQLite, or of SQLAlchemy around one."""
    code, sentence = _kind(error)
    return StorageFailed(code, sentence, _HINTS[code].format(path=path, folder=path.parent))


def damaged(path: Path) -> StorageFailed:
    """The failure when the integrity check finds something."""
    code, sentence = _DAMAGED
    return StorageFailed(code, sentence, _HINTS[code].format(path=path))


def _kind(error: BaseException) -> tuple[str, str]:
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, _CANNOT_OPEN)
    original = getattr(error, "orig", None) or error
    extended_code = int(getattr(original, "sqlite_errorcode", 0) or 0)
    return _BY_SQLITE_CODE.get(extended_code & 0xFF, _OTHER)
