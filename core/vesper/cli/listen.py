"""`vesper listen`: the voice loop without a window; with --wav a recording is the microphone."""

from __future__ import annotations

from pathlib import Path

import click

from vesper.cli.main import Context


@click.command()
@click.option("--wav", type=click.Path(path_type=Path), help="Hear this file instead of the microphone, then end.")
@click.option("--fast", is_flag=True, help="With --wav: as fast as it decodes, on a virtual clock.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write each answer as a WAV file here.")
@click.option("--json", "as_json", is_flag=True, help="Print every event as one JSON object a line.")
@click.pass_obj
def listen(context: Context, wav: Path | None, fast: bool, out: Path | None, as_json: bool) -> int:
    """Listen and answer, in the terminal."""
    if fast and wav is None:
        raise click.UsageError("--fast needs --wav FILE.")
    if out is not None and wav is None:
        raise click.UsageError("--out needs --wav FILE.")
    from vesper.cli.headless import Recording, run_headless

    recording = Recording(wav, out, is_fast=fast) if wav is not None else None
    return run_headless(context.paths, recording=recording, as_json=as_json)
