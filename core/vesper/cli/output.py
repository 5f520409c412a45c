"""What the command line prints: text for people, or one JSON object a line for programs.

With --json only JSON goes to stdout; text and progress go to stderr.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from vesper.base.errors import VesperError


def say(text: str) -> None:
    """A line for people on stdout."""
    print(text, flush=True)


def note(text: str) -> None:
    """A line for people that is no result: progress, remarks. On stderr."""
    print(text, file=sys.stderr, flush=True)


def emit(value: Any) -> None:
    """One JSON object on a line of stdout."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def emit_error(error: VesperError, *, as_json: bool) -> None:
    """A failure: the sentence and the hint, or {"error": …}."""
    if as_json:
        emit({"error": error.as_dict()})
    else:
        note(error.sentence + (f" {error.hint}" if error.hint else ""))


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows as aligned columns, two spaces apart; the last column is left as long as it is."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)] if rows else []
    lines = ("  ".join((*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1])) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
