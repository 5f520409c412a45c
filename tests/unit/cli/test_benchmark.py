"""The words of `vesper bench`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from vesper.cli import benchmark as words
from vesper.evaluation.bench_start import StartBench
from vesper.evaluation.bench_voice import VoiceBench


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The questions that reach the benchmarks, which themselves are not run."""
    questions: list[object] = []

    async def run(question: object, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        questions.append(question)
        return {"turns": 3}

    monkeypatch.setattr(words.bench_voice, "run", run)
    monkeypatch.setattr(words.bench_start, "run", run)
    return questions


def test_voice_hears_a_minute_of_silence_unless_asked_otherwise(asked: list[object]) -> None:
    result = CliRunner().invoke(words.bench, ["voice", "--json"])
    assert json.loads(result.stdout) == {"turns": 3}
    assert asked == [VoiceBench(turns=12, idle_s=60.0)]


def test_voice_may_use_the_real_devices(asked: list[object]) -> None:
    CliRunner().invoke(words.bench, ["voice", "--device", "--turns", "2", "--idle-seconds", "5"])
    assert asked == [VoiceBench(turns=2, idle_s=5.0, uses_devices=True)]


def test_start_is_measured_three_times(asked: list[object]) -> None:
    CliRunner().invoke(words.bench, ["start"])
    assert asked == [StartBench(runs=3)]


def test_no_turn_at_all_is_wrong_usage(asked: list[object]) -> None:
    assert CliRunner().invoke(words.bench, ["voice", "--turns", "0"]).exit_code == 2
