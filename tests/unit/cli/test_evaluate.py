"""The words of `vesper eval`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from vesper.cli import evaluate as words
from vesper.evaluation.spoken_plan import DEFAULT_VOICES, SpokenQuestion

Asked = list[SpokenQuestion]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The questions that reach the evaluation, which itself is not run."""
    questions: Asked = []

    async def run(question: SpokenQuestion, *, progress: Callable[[int, int], None], tell: Any) -> dict[str, Any]:
        questions.append(question)
        progress(1, 1)
        return {"utterances": 1, "by_gap_ms": {"0": {"woken": 1}}}

    monkeypatch.setattr(words.spoken_evaluation, "run", run)
    return questions


def said(*args: str) -> Any:
    return CliRunner().invoke(words.evaluate, ["spoken", *args])


def test_json_alone_goes_to_stdout(asked: Asked) -> None:
    result = said("--json")
    assert json.loads(result.stdout) == {"utterances": 1, "by_gap_ms": {"0": {"woken": 1}}}
    assert "1 of 1" in result.stderr


def test_without_json_it_is_a_table(asked: Asked) -> None:
    assert said().stdout.splitlines() == ["utterances  1", 'by_gap_ms   {"0": {"woken": 1}}']


def test_without_options_all_voices_of_vesper_say_a_sample(asked: Asked) -> None:
    said()
    assert (tuple(asked[0].voices), asked[0].phrase, asked[0].count) == (DEFAULT_VOICES, "okay nabu", None)


@pytest.mark.parametrize(
    "args", [("--rates", "140", "170"), ("--rates", "140", "--rates", "170"), ("--rates", "140,170")]
)
def test_several_values_may_be_given_in_any_way(asked: Asked, args: tuple[str, ...]) -> None:
    said(*args, "--gap", "0", "--snr", "clean", "20", "--voices", "en-gb", "en-us+f3")
    question = asked[0]
    assert (question.rates, question.gaps_ms, question.snr_db) == ([140, 170], [0], ["clean", "20"])
    assert question.voices == ["en-gb", "en-us+f3"]


def test_a_noise_ratio_may_be_negative(asked: Asked) -> None:
    said("--snr", "-5")
    assert asked[0].snr_db == ["-5"]


def test_the_button_may_stand_for_the_wake_phrase(asked: Asked) -> None:
    said("--no-wake")
    assert asked[0].phrase is None


@pytest.mark.parametrize(
    "args", [("--rates", "fast"), ("--snr", "loud"), ("--gap", "-1"), ("--sentences", "none.jsonl")]
)
def test_values_that_make_no_sense_are_wrong_usage(asked: Asked, args: tuple[str, ...]) -> None:
    assert said(*args).exit_code == 2
    assert asked == []


def test_noise_needs_a_ratio(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text("")
    result = CliRunner().invoke(
        words.evaluate, ["wake", str(manifest), "--phrase", "okay nabu", "--noise", str(manifest)]
    )
    assert result.exit_code == 2
