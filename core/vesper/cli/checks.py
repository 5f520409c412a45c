"""`vesper selfcheck` and `vesper turns`: how every stage is, and what the last turns did."""

from __future__ import annotations

import sys
from typing import Any

import click

from vesper.cli.main import Context
from vesper.cli.output import emit, say, table
from vesper.cli.serving import served

_SHOWN_STEPS = ("hear", "recognise", "understand", "act", "voice_to_voice")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def selfcheck(context: Context, as_json: bool) -> None:
    """Ask every stage whether it works. Ends with 1 when one does not."""
    result, _ = served(context.paths, "selfcheck")
    if as_json:
        emit(result)
    else:
        say(table([_stage_row(stage) for stage in result["stages"]]))
    sys.exit(0 if result["ok"] else 1)


def _stage_row(stage: dict[str, Any]) -> tuple[str, ...]:
    words = " ".join(part for part in (stage["detail"], stage["hint"]) if part)
    return stage["stage"], stage["state"], f"{stage['ms']:.0f} ms", words


@click.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 200), help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def turns(context: Context, last: int, as_json: bool) -> None:
    """Show the last turns. What opened each, how it ended, and the milliseconds of its steps."""
    found, _ = served(context.paths, "turns", last=last)
    if as_json:
        emit({"turns": found})
    elif not found:
        say("No turns yet.")
    else:
        head = ("started", "opened by", "outcome", *(f"{step} ms" for step in _SHOWN_STEPS))
        say(table([head, *(_turn_row(turn) for turn in found)]))


def _turn_row(turn: dict[str, Any]) -> tuple[str, ...]:
    steps = (str(round(turn["ms"][step])) if step in turn["ms"] else "-" for step in _SHOWN_STEPS)
    return turn["started_at"], turn["opened_by"], turn["outcome"], *steps
