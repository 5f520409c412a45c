"""`vesper bench …`: how soon Vesper answers and what it costs, on processes of its own."""

from __future__ import annotations

import asyncio

import click

from vesper.cli.figures import print_figures, progress
from vesper.evaluation import bench_start, bench_voice
from vesper.evaluation.bench_start import StartBench
from vesper.evaluation.bench_voice import VoiceBench

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_DEVICE = click.option("--device", "uses_devices", is_flag=True, help="Listen to the real microphone in silence.")


@click.group("bench")
def bench() -> None:
    """Measure how fast Vesper is and what it costs."""


@bench.command("voice")
@click.option("--turns", default=12, show_default=True, type=click.IntRange(1), help="Turns to hear.")
@click.option("--idle-seconds", default=60.0, show_default=True, type=click.FloatRange(1.0), help="Silence to hear.")
@click.option("--seed", default=0, show_default=True, help="Another seed chooses other sentences.")
@_DEVICE
@_JSON
def voice(turns: int, idle_seconds: float, seed: int, uses_devices: bool, as_json: bool) -> None:
    """Time spoken turns in real time, and weigh Vesper while it listens to silence."""
    question = VoiceBench(turns=turns, idle_s=idle_seconds, uses_devices=uses_devices, seed=seed)
    print_figures(asyncio.run(bench_voice.run(question, progress=progress("turns"))), as_json=as_json)


@bench.command("start")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1), help="Starts to take the median of.")
@_DEVICE
@_JSON
def start(runs: int, uses_devices: bool, as_json: bool) -> None:
    """Time the start, with and without a window."""
    question = StartBench(runs=runs, uses_devices=uses_devices)
    print_figures(asyncio.run(bench_start.run(question, progress=progress("starts"))), as_json=as_json)
