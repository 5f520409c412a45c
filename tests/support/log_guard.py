"""Makes an unexpected warning in the log fail the test that caused it.

Entries of level WARNING and above are collected from the root logger; a test announces the ones it provokes
with the fixture `expect_log`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager


class LogGuard(logging.Handler):
    """Collects what was logged at WARNING or above, and what was announced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.entries: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one entry as "LEVEL logger: message"."""
        self.entries.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def expect(self, pattern: str) -> None:
        """Announce entries that match this regular expression somewhere in "LEVEL logger: message"."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Entries nobody announced."""
        return [entry for entry in self.entries if not any(p.search(entry) for p in self._expected)]

    def missing(self) -> list[str]:
        """Announced patterns that no entry matched."""
        return [p.pattern for p in self._expected if not any(p.search(entry) for entry in self.entries)]


@contextmanager
def guarded_log() -> Iterator[LogGuard]:
    """Guard the root logger, and give logging back as it was found (handlers a test added are closed)."""
    root, own = logging.getLogger(), logging.getLogger("vesper")
    handlers, levels = list(root.handlers), (root.level, own.level)
    guard = LogGuard()
    root.addHandler(guard)
    try:
        yield guard
    finally:
        for handler in [h for h in root.handlers if h not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(levels[0])
        own.setLevel(levels[1])
