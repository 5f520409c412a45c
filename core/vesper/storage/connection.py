"""How the encrypted file is opened: the key first, then what makes a commit last.

Without the object mapper, which takes more than a second of CPU time to import: a command that only leaves the trace
of its turn works on this connection alone.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

BUSY_WAIT_MS = 3000
"""How long SQLite waits for another process (a `vesper ask` beside a running Vesper) to finish its write."""


def sqlcipher() -> Any:
    """SQLCipher's DB-API module, which brings no type information."""
    return importlib.import_module("sqlcipher3.dbapi2")


def open_connection(path: Path, key: bytes) -> Any:
    """A DB-API connection to the file, which must be there. Raises the module's Error; a wrong key shows late."""
    connection = sqlcipher().connect(str(path), isolation_level=None, check_same_thread=True)
    connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is told by us, not on stderr
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_WAIT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    return connection
