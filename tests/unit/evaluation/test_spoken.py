"""The figures of `eval spoken` over its outcomes."""

from __future__ import annotations

from vesper.evaluation.made_speech import Voice
from vesper.evaluation.spoken import Outcome, report
from vesper.evaluation.spoken_plan import Sentence, Trial
from vesper.evaluation.spoken_verdict import Verdict

RIGHT = Verdict(True, True, False, False, False)
WRONG = Verdict(True, False, True, False, True)
ASKED = Verdict(True, False, False, True, False)
ASLEEP = Verdict(False, False, False, False, False)


def outcome(verdict: Verdict, gap_ms: int = 0, delay_ms: float | None = None) -> Outcome:
    trial = Trial(0, Sentence("louder", "volume.up"), Voice("en-gb", 150), gap_ms, "clean")
    return Outcome(trial, verdict, delay_ms, None if delay_ms is None else delay_ms - 400)


def test_accuracy_is_of_those_who_were_woken() -> None:
    figures = report([outcome(verdict) for verdict in (RIGHT, RIGHT, WRONG, ASKED, ASLEEP)])
    names = ("utterances", "woken", "right", "accuracy", "first_word_lost", "wrong_acted", "asked_back")
    assert {name: figures[name] for name in names} == {
        "utterances": 5,
        "woken": 4,
        "right": 2,
        "accuracy": 0.5,
        "first_word_lost": 1,
        "wrong_acted": 1,
        "asked_back": 1,
    }


def test_delays_are_of_right_answers_that_were_spoken() -> None:
    figures = report([outcome(RIGHT, delay_ms=600), outcome(RIGHT, delay_ms=800), outcome(WRONG, delay_ms=9e9),
                      outcome(RIGHT)])  # fmt: skip
    assert figures["voice_to_voice_ms"] == {"p50": 700.0, "p95": 790.0}
    assert figures["answer_ms"] == {"p50": 300.0, "p95": 390.0}


def test_gaps_are_told_apart() -> None:
    figures = report([outcome(RIGHT, 0), outcome(ASLEEP, 300)])["by_gap_ms"]
    assert {gap: part["woken"] for gap, part in figures.items()} == {"0": 1, "300": 0}


def test_no_outcome_is_no_division_by_zero() -> None:
    assert report([])["accuracy"] == 0.0
    assert report([])["voice_to_voice_ms"] == {"p50": None, "p95": None}
