"""How a turn that gave no answer is told, from its record."""

from __future__ import annotations

from typing import Any

import pytest

from vesper.base.events import Problem
from vesper.voice.trace import TurnRecord
from vesper.voice.why_turn import of_turn

ENDINGS = {
    *("failed", "failed_because", "too_late", "lost_meanwhile", "interrupted", "no_words", "woke_for_nothing"),
    *(f"{reason}{end}" for reason in ("rejected", "doubted", "unclaimed", "unclaimed_nearly", "asked")
      for end in ("", "_wordless")),
    "heard_nothing",
}  # fmt: skip
"""Every reason that a turn's record can give."""


def turn(outcome: str, *, opened_by: str = "wake", said: str = "", answered: str = "", **facts: Any) -> TurnRecord:
    record = TurnRecord("t", opened_by, "2026-03-02T09:00:00+00:00", outcome, {"hear": 900.0}, facts)
    record.said, record.answered = said, answered
    return record


def reason(record: TurnRecord, **told: Any) -> str:
    found = of_turn(record, **told)
    return "" if found is None else found[0]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (turn("answered", said="what time is it", intents=["clock.time"]), ""),
        (turn("false_wake", end="nothing"), "woke_for_nothing"),
        (turn("nothing_said", end="nothing"), "woke_for_nothing"),
        (turn("asked", opened_by="talk", end="nothing"), "heard_nothing"),
        (turn("asked", end="silence", verdict="rejected", confidence=0.3, needed=0.35), "rejected_wordless"),
        (turn("asked", end="silence", verdict="empty", confidence=0.0), "no_words"),
        (turn("nothing_said", end="silence", verdict="empty", confidence=0.0), "no_words"),
        (turn("asked", said="turn it off", verdict="unsure", confidence=0.4, needed=0.47, intents=[]), "doubted"),
        (turn("asked", said="set a timer", answered="For how long?", intents=["timer.set"]), "asked"),
        (turn("asked", said="set a timer", intents=["timer.set"]), "asked_wordless"),
        (turn("asked", opened_by="typed", said="set a timer", answered="How long?", intents=["timer.set"]), "asked"),
        (turn("unclaimed", said="sing a song", intents=[]), "unclaimed"),
        (turn("unclaimed", intents=[]), "unclaimed_wordless"),
        (turn("unclaimed", said="sing a song", intents=[], nearest={"help": 0.3}), "unclaimed_nearly"),
        (turn("failed", end="device"), "lost_meanwhile"),
        (turn("failed", end="silence", error="vesper.bug"), "failed"),
        (turn("interrupted", said="what can you do"), "interrupted"),
        (turn("an outcome of tomorrow"), ""),
    ],
)
def test_every_ending_has_its_reason(record: TurnRecord, expected: str) -> None:
    assert reason(record) == expected
    assert expected in {"", *ENDINGS}


def test_the_guess_of_a_rejected_sentence_is_told_with_what_it_scored() -> None:
    record = turn("asked", verdict="rejected", confidence=0.3, needed=0.35)
    record.guess = "set a timer"
    assert of_turn(record) == ("rejected", {"said": "set a timer", "score": 0.3, "needed": 0.35})


def test_of_the_losing_intents_the_best_is_told() -> None:
    record = turn("unclaimed", said="x", intents=[], nearest={"help": 0.3, "clock.time": 0.62, "cancel": 0.2})
    found = of_turn(record)
    assert found is not None
    assert (found[1]["intent"], found[1]["score"]) == ("clock.time", 0.62)


def test_a_deadline_that_ran_out_is_told_with_its_stage_and_length() -> None:
    record = turn("failed", end="silence", error="stt.hung")
    record.ms["recognise"] = 8000.0
    hung = Problem(code="stt.hung", sentence="The speech recogniser took too long.", hint="Please say it again.")
    found = of_turn(record, problem=hung)
    assert found is not None
    assert (found[0], found[1]["stage"], found[1]["after_s"]) == ("too_late", "recognise", 8.0)


def test_a_failure_before_any_stage_is_told_too() -> None:
    record = turn("failed", error="stt.not_ready")
    record.ms.clear()
    slow = Problem(code="stt.not_ready", sentence="The speech recogniser is not ready.", hint="Try again in a moment.")
    assert reason(record, problem=slow) == "failed_because"


def test_who_cut_the_answer_is_told_and_an_unknown_one_is_a_button() -> None:
    record = turn("interrupted")
    assert [of_turn(record, cut_by=by) for by in ("stop", None, "key")] == [
        ("interrupted", {"by": "stop"}),
        ("interrupted", {"by": "user"}),
        ("interrupted", {"by": "user"}),
    ]


def test_long_words_are_cut_to_what_can_be_listened_to() -> None:
    found = of_turn(turn("unclaimed", said="word " * 40, intents=[]))
    assert found is not None
    assert len(found[1]["said"]) <= 81
    assert found[1]["said"].endswith("word…")
