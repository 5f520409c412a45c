"""What `vesper eval` and `vesper bench` print: progress on stderr, and the figures as a table or one JSON object."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from vesper.cli.output import emit, note, say, table
from vesper.evaluation.manifests import Progress


def progress(what: str) -> Progress:
    """Tells how far it is: a line rewritten in place at a terminal, else one at every tenth of the way."""

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total} {what}", nl=done == total, err=True)
        elif done * 10 // total > (done - 1) * 10 // total:
            note(f"{done} of {total} {what}")

    return tell


def print_figures(result: dict[str, Any], *, as_json: bool) -> None:
    """The JSON object of interfaces.md, or its entries as rows."""
    if as_json:
        emit(result)
    else:
        say(table([(name, _shown(value)) for name, value in result.items()]))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
