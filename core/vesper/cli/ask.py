"""`vesper ask TEXT`: one typed turn."""

from __future__ import annotations

from typing import Any

import click

from vesper.cli.main import Context
from vesper.cli.output import emit, note, say
from vesper.cli.serving import served


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--new", is_flag=True, help="Begin a new session.")
@click.option("--session", default=None, help="Go on with a session, for instance to answer a question.")
@click.pass_obj
def ask(context: Context, text: tuple[str, ...], as_json: bool, new: bool, session: str | None) -> None:
    """Ask Vesper something in writing."""
    answer, _ = served(context.paths, "ask", text=" ".join(text), session=None if new else session)
    if as_json:
        emit(answer)
        return
    say(answer["answer"])
    _tell_question(answer)


def _tell_question(answer: dict[str, Any]) -> None:
    if answer["needs"]:
        note(f"Answer with: vesper ask --session {answer['session']} …")
