"""`vesper eval commands` and `vesper eval reject`: recorded commands, and recorded speech that is none."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from vesper.assembly import plain_engine
from vesper.base.language import LanguagePack, load_language
from vesper.base.settings import Settings
from vesper.cli.evaluation_options import AS_JSON, MANIFESTS, NOISE, SEED, SNR, decibels, need_each_other
from vesper.cli.figures import print_figures, progress
from vesper.cli.main import Context
from vesper.evaluation import commands as command_evaluation
from vesper.evaluation import rejection
from vesper.evaluation.command_hearing import CommandHearing, Conditions, conditions
from vesper.ports.gatekeeper import GatekeeperEngine
from vesper.ports.noise import NoiseSuppressor
from vesper.ports.stt import SpeechToTextEngine
from vesper.understanding.grammar import load_grammar
from vesper.understanding.templates import SentenceTemplates

_ENGINE = click.option("--engine", "name", default="", help="Which recogniser; the first one where none is named.")


@click.command("commands")
@MANIFESTS
@click.option(
    "--context",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Templates and slots to load beside Vesper's own.",
)
@_ENGINE
@NOISE
@SNR
@SEED
@AS_JSON
@click.pass_obj
def commands(context: Context, manifests: tuple[Path, ...], file: Path, name: str, as_json: bool, **noise: Any) -> None:
    """Count how many recorded commands are understood with all their slots."""
    asked = _conditions(**noise)
    pack = command_evaluation.with_context(load_language("en"), file)
    with _hearing(name, pack, context.paths.cache / "evaluation") as hearing:
        result = command_evaluation.run(hearing, manifests, asked, progress=progress("clips"))
    print_figures(result, as_json=as_json)


@click.command("reject")
@MANIFESTS
@_ENGINE
@NOISE
@SNR
@SEED
@AS_JSON
@click.pass_obj
def reject(context: Context, manifests: tuple[Path, ...], name: str, as_json: bool, **noise: Any) -> None:
    """Count how often recorded speech that is no command is taken for one."""
    asked = _conditions(**noise)
    with _hearing(name, load_language("en"), context.paths.cache) as hearing:
        result = rejection.run(hearing, manifests, asked, progress=progress("clips"))
    print_figures(result, as_json=as_json)


def _conditions(noise: Path | None, snr_db: tuple[str, ...], seed: int) -> Conditions:
    need_each_other(noise, snr_db)
    return conditions(noise, [decibels(value) for value in snr_db], seed)


@contextmanager
def _hearing(name: str, pack: LanguagePack, cache: Path) -> Generator[CommandHearing]:
    """The engines of a turn, in this process, with the sentences of a language."""
    recogniser = cast(SpeechToTextEngine, plain_engine("stt", name))
    gatekeeper = cast(GatekeeperEngine, plain_engine("gate"))
    suppressor = cast(NoiseSuppressor, plain_engine("noise"))
    engines = (recogniser, gatekeeper, suppressor)
    for engine in engines:
        engine.open()
    try:
        templates = SentenceTemplates(pack)
        hearing = CommandHearing(recogniser, gatekeeper, suppressor)
        hearing.load(templates, load_grammar(templates, Settings().wake.phrases, cache))
        yield hearing
    finally:
        for engine in engines:
            engine.close()
