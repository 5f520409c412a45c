"""`vesper eval …`: how well Vesper hears, on made speech and on recordings; a table, or one JSON object."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click

from vesper.assembly import plain_engine
from vesper.base.language import load_language
from vesper.cli.evaluate_commands import commands, reject
from vesper.cli.evaluation_options import AS_JSON, MANIFESTS, NOISE, SEED, SNR, decibels, need_each_other
from vesper.cli.figures import print_figures, progress
from vesper.cli.main import Context
from vesper.cli.output import note
from vesper.evaluation import speech as speech_evaluation
from vesper.evaluation import spoken as spoken_evaluation
from vesper.evaluation import voice_activity, wake
from vesper.evaluation.spoken import Outcome
from vesper.evaluation.spoken_plan import DEFAULT_GAPS_MS, DEFAULT_RATES, DEFAULT_VOICES, SpokenQuestion
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.stt import SpeechToTextEngine
from vesper.ports.wake import PhraseCheck, WakeWordDetector
from vesper.understanding.grammar import load_grammar
from vesper.understanding.templates import SentenceTemplates

_LISTS = ("--voices", "--rates", "--gap", "--snr")


class _ListsOfValues(click.Command):
    """Takes `--rates 140 170` for `--rates 140 --rates 170`, as people write it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Say a list's option again before each of its values."""
        said: list[str] = []
        option = ""
        for word in args:
            if word.startswith("--"):
                option = word if word in _LISTS else ""
            elif option and said[-1] != option:
                said.append(option)
            said.append(word)
        return super().parse_args(ctx, said)


@click.group("eval")
def evaluate() -> None:
    """Measure how well Vesper hears."""


evaluate.add_command(commands)
evaluate.add_command(reject)


@evaluate.command("spoken", cls=_ListsOfValues)
@click.option("--voices", multiple=True, default=DEFAULT_VOICES, help="espeak-ng voices, one or several.")
@click.option("--rates", multiple=True, default=tuple(map(str, DEFAULT_RATES)), help="Words a minute, one or several.")
@click.option(
    "--gap", "gaps", multiple=True, default=tuple(map(str, DEFAULT_GAPS_MS)), help="Milliseconds behind the phrase."
)
@click.option("--snr", "snrs", multiple=True, default=("clean",), help='Noise in dB below the speech, or "clean".')
@click.option("--wake", "phrase", default="okay nabu", show_default=True, help="The wake phrase that is said.")
@click.option("--no-wake", is_flag=True, help="Open every turn by the button instead.")
@click.option("--sentences", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON Lines to say.")
@click.option("--count", type=click.IntRange(0), help="Utterances, 0 for every one; 120 where no FILE is given.")
@click.option("--details", is_flag=True, help="Tell each utterance on stderr.")
@SEED
@AS_JSON
def spoken(as_json: bool, details: bool, no_wake: bool, phrase: str, **options: Any) -> None:
    """Say commands into the voice loop with espeak-ng, and see what becomes of them."""
    question = SpokenQuestion(
        voices=_listed(options["voices"]),
        rates=[_number(value, "--rates") for value in _listed(options["rates"])],
        gaps_ms=[_number(value, "--gap") for value in _listed(options["gaps"])],
        snr_db=[_ratio(value) for value in _listed(options["snrs"])],
        phrase=None if no_wake else phrase,
        sentences=options["sentences"],
        count=options["count"],
        seed=options["seed"],
    )
    tell: Callable[[Outcome], None] = _tell if details else _say_nothing
    result = asyncio.run(spoken_evaluation.run(question, progress=progress("utterances"), tell=tell))
    print_figures(result, as_json=as_json)


@evaluate.command("vad")
@MANIFESTS
@AS_JSON
def vad(manifests: tuple[Path, ...], as_json: bool) -> None:
    """Compare the stretches of speech that are found with labelled ones."""
    detector = cast(VoiceActivityDetector, plain_engine("activity"))
    detector.open()
    try:
        result = voice_activity.run(detector, manifests, progress=progress("clips"))
    finally:
        detector.close()
    print_figures(result, as_json=as_json)


@evaluate.command("speech")
@MANIFESTS
@click.option("--engine", "name", default="", help="Which recogniser; the first one where none is named.")
@click.option("--language", help="Leave out clips of other languages.")
@AS_JSON
@click.pass_obj
def speech(context: Context, manifests: tuple[Path, ...], name: str, language: str | None, as_json: bool) -> None:
    """Count the errors of a recogniser in recordings whose words are known."""
    engine = cast(SpeechToTextEngine, plain_engine("stt", name))
    engine.open()
    try:
        engine.load(load_grammar(SentenceTemplates(load_language("en")), (), context.paths.cache))
        result = speech_evaluation.run(engine, manifests, language=language, progress=progress("clips"))
    finally:
        engine.close()
    print_figures(result, as_json=as_json)


@evaluate.command("wake")
@MANIFESTS
@click.option("--phrase", required=True, help="The wake phrase to measure.")
@NOISE
@SNR
@SEED
@AS_JSON
def wake_word(manifests: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Count how often a wake phrase is missed, and how often other speech is taken for it."""
    need_each_other(options["noise"], options["snr_db"])
    question = wake.WakeQuestion(
        options["phrase"], options["noise"], [decibels(value) for value in options["snr_db"]], options["seed"]
    )
    detector = cast(WakeWordDetector, plain_engine("wake"))
    detector.confirm_with(cast(PhraseCheck, plain_engine("phrase")))
    detector.open()
    try:
        result = wake.run(detector, manifests, question, progress=progress("clips"))
    finally:
        detector.close()
    print_figures(result, as_json=as_json)


def _listed(values: tuple[str, ...]) -> list[str]:
    """Values given by repeating the option, by commas, or both."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _number(value: str, option: str) -> int:
    if not value.isdigit():
        raise click.UsageError(f'"{value}" is no whole number for {option}.')
    return int(value)


def _ratio(value: str) -> str:
    return value if value == "clean" else decibels(value)


def _say_nothing(_: Outcome) -> None:
    """Nobody wants each utterance told."""


def _tell(outcome: Outcome) -> None:
    trial, verdict = outcome.trial, outcome.verdict
    marks = {
        "not woken": not verdict.is_woken,
        "right": verdict.is_right,
        "WRONG": verdict.has_wrongly_acted,
        "asked": verdict.has_asked_back,
        "first word lost": verdict.has_lost_first_word,
    }
    said = f"{trial.voice.name} {trial.voice.rate}, {trial.gap_ms} ms, {trial.snr}: {trial.sentence.text}"
    became = ", ".join(mark for mark, is_so in marks.items() if is_so) or "nothing"
    delay = "" if outcome.voice_to_voice_ms is None else f" after {outcome.voice_to_voice_ms:.0f} ms"
    note(f"{said} | {became}{delay} | {verdict.text} | {' '.join(verdict.intents)}")
