"""The layers: what Vesper asked goes first, but never locks the user in."""

from __future__ import annotations

import pytest

from tests.support.conversation import templates
from vesper.skills.skill import Question
from vesper.understanding.recogniser import Recogniser

TIMERS = ("pizza timer", "timer for 10 minutes", "tea timer")
WHICH = Question("choose", "Which one?", "timer.cancel", "name", {"why": "asked"}, TIMERS)
HOW_LONG = Question("fill", "For how long?", "timer.set", "duration", {"name": "tea"})
WHAT_NAME = Question("fill", "What is it called?", "timer.set", "name")
SURE = Question("confirm", "Shall I?", "timer.cancel", slots={"which": "all"})


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(templates())


def understood(recogniser: Recogniser, text: str, question: Question | None) -> tuple[str, dict[str, object]] | None:
    matches = recogniser.understand(text, question).matches
    return (matches[0].intent, dict(matches[0].slots)) if matches else None


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("pizza timer", "pizza timer"),
        ("the pizza one", "pizza timer"),
        ("tea please", "tea timer"),
        ("the first one", "pizza timer"),
        ("number two", "timer for 10 minutes"),
        ("the last one", "tea timer"),
        ("all of them", "all"),
    ],
)
def test_a_choice_is_named_or_counted(recogniser: Recogniser, text: str, choice: str) -> None:
    assert understood(recogniser, text, WHICH) == ("timer.cancel", {"why": "asked", "name": choice})


@pytest.mark.parametrize("text", ["timer", "the fourth one", "the blue one"])
def test_a_choice_that_could_be_several_or_none_is_no_choice(recogniser: Recogniser, text: str) -> None:
    assert understood(recogniser, text, WHICH) is None


@pytest.mark.parametrize("text", ["ten minutes", "for ten minutes", "make it 10 minutes", "10min please"])
def test_a_missing_value_is_filled_in(recogniser: Recogniser, text: str) -> None:
    assert understood(recogniser, text, HOW_LONG) == ("timer.set", {"name": "tea", "duration": "PT10M"})


@pytest.mark.parametrize("text", ["yes", "Yes, please.", "sure", "go ahead"])
def test_yes_goes_on(recogniser: Recogniser, text: str) -> None:
    assert understood(recogniser, text, SURE) == ("timer.cancel", {"which": "all", "confirmed": "yes"})


@pytest.mark.parametrize("question", [WHICH, HOW_LONG, SURE])
@pytest.mark.parametrize("text", ["never mind", "cancel", "no"])
def test_every_question_can_be_left(recogniser: Recogniser, text: str, question: Question) -> None:
    assert understood(recogniser, text, question) == ("cancel", {})


@pytest.mark.parametrize("question", [WHICH, HOW_LONG, SURE, WHAT_NAME])
def test_another_request_goes_through_an_open_question(recogniser: Recogniser, question: Question) -> None:
    assert understood(recogniser, "what time is it", question) == ("clock.time", {})


def test_a_free_answer_is_taken_when_it_is_no_request(recogniser: Recogniser) -> None:
    assert understood(recogniser, "the sourdough", WHAT_NAME) == ("timer.set", {"name": "sourdough"})


def test_nothing_is_claimed_by_similarity(recogniser: Recogniser) -> None:
    result = recogniser.understand("what time does the museum open")

    assert result.matches == ()
    assert "clock.time" in {loser.intent for loser in result.losers}
