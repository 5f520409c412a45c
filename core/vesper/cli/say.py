"""`vesper say TEXT`: speech synthesis alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from vesper.base.errors import Missing, VesperError
from vesper.base.events import Problem
from vesper.cli.main import Context
from vesper.cli.output import emit, note
from vesper.control import connect


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a WAV file instead of playing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def say(context: Context, text: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Say something aloud, or into a WAV file."""
    words = " ".join(text)
    client = connect(context.paths) if out is None else None
    if client is not None:
        client.call("say", text=words)
        client.close()
    else:
        asyncio.run(_say(context, words, out))
    if as_json:
        emit({"text": words, "out": None if out is None else str(out)})
    elif out is not None:
        note(f"Written to {out}.")


async def _say(context: Context, text: str, out: Path | None) -> None:
    from vesper.assembly import assemble_typed

    assistant = assemble_typed(context.paths)
    problems = assistant.bus.subscribe(Problem)
    try:
        if out is None:
            await assistant.say(text)
        else:
            await assistant.say_into(text, out)
    finally:
        await assistant.close()
        problems.close()
    async for problem in problems:
        assert isinstance(problem, Problem)
        kind = Missing if problem.code.endswith(".missing") else VesperError
        raise kind(problem.code, problem.sentence, problem.hint)
