"""The verdict on a spoken sentence, from the events of its turns."""

from __future__ import annotations

import pytest

from vesper.base.events import (
    Event,
    IntentUnderstood,
    SkillStarted,
    SpeakingStarted,
    SpeechEnded,
    SpeechRecognised,
    TurnFinished,
    WakeHeard,
)
from vesper.evaluation.spoken_plan import Sentence
from vesper.evaluation.spoken_verdict import Verdict, has_lost_first_word, is_as_meant, judge

FIVE_MINUTES = Sentence("set a timer for five minutes", "timer.set", {"duration": "PT5M"})
WOKEN = WakeHeard(phrase="okay nabu", score=0.9, ended_at=1.0)


def turn(text: str, intent: str = "", slots: dict[str, object] | None = None, outcome: str = "answered") -> list[Event]:
    """The events of a turn that was opened by the wake phrase."""
    events: list[Event] = [
        WOKEN,
        SpeechEnded(at=3.0, reason="silence", silence_ms=350),
        SpeechRecognised(text=text, confidence=1.0, engine="e", language="en"),
    ]
    if intent:
        events.append(IntentUnderstood(intents=({"intent": intent, "slots": slots or {}, "score": 1.0},)))
        events.append(SkillStarted(skill="s"))
    return [*events, SpeakingStarted(text="…", first_sample_at=3.2), TurnFinished(outcome=outcome)]


def judged(events: list[Event]) -> Verdict:
    return judge(FIVE_MINUTES, events, needs_wake=True)


def test_nothing_heard_is_not_woken_and_nothing_else() -> None:
    assert judged([]) == Verdict(False, False, False, False, False)


def test_the_button_needs_no_wake_phrase() -> None:
    assert judge(FIVE_MINUTES, [], needs_wake=False).is_woken


def test_the_intent_with_its_slots_is_right() -> None:
    verdict = judged(turn("set a timer for five minutes", "timer.set", {"duration": "PT300S"}))
    assert verdict.is_right
    assert not verdict.has_wrongly_acted
    assert (verdict.ended_at, verdict.first_sample_at) == (3.0, 3.2)


def test_another_slot_value_is_acting_wrongly() -> None:
    verdict = judged(turn("set a timer for nine minutes", "timer.set", {"duration": "PT9M"}))
    assert (verdict.is_right, verdict.has_wrongly_acted) == (False, True)


def test_one_intent_more_than_was_meant_is_wrong() -> None:
    events = turn("set a timer for five minutes", "timer.set", {"duration": "PT5M"}) + turn("stop", "cancel")
    assert (judged(events).is_right, judged(events).has_wrongly_acted) == (False, True)


def test_asking_how_long_is_asking_back_and_no_wrong_act() -> None:
    verdict = judged(turn("set a timer", "timer.set", {}, outcome="asked"))
    assert (verdict.is_right, verdict.has_wrongly_acted, verdict.has_asked_back) == (False, False, True)


def test_words_that_were_not_caught_are_asked_for() -> None:
    verdict = judged(turn("", outcome="asked"))
    assert (verdict.has_wrongly_acted, verdict.has_asked_back) == (False, True)


def test_what_nobody_claims_is_neither() -> None:
    verdict = judged(turn("set a timer for five", outcome="unclaimed"))
    assert not (verdict.is_right or verdict.has_wrongly_acted or verdict.has_asked_back)


@pytest.mark.parametrize(
    ("meant", "understood", "is_right"),
    [
        ({"offset": "-PT2M"}, {"offset": "-PT120S"}, True),
        ({"offset": "-PT2M"}, {"offset": "PT2M"}, False),
        ({"level": 50}, {"level": 50.0, "unit": "percent"}, True),
        ({"name": "pasta"}, {"name": "the Pasta"}, True),
        ({"name": "pasta"}, {"name": "pasta", "which": "all"}, False),
        ({"day": "new year's eve"}, {"day": "New Year's Eve", "ask": "until"}, True),
        ({"place": "paris"}, {}, False),
    ],
)
def test_slots_are_equal_by_value(meant: dict[str, object], understood: dict[str, object], is_right: bool) -> None:
    sentence = Sentence("…", "x", meant)
    assert is_as_meant(sentence, {"intent": "x", "slots": understood}) is is_right


@pytest.mark.parametrize(
    ("said", "recognised", "is_lost"),
    [
        ("set a timer for five minutes", "a timer for five minutes", True),
        ("what time is it", "time is it", True),
        ("what time is it", "what time is it", False),
        ("what time is it", "tell me the time", False),
        ("set a timer for five minutes", "start a timer for five minutes", False),
        ("what time is it", "", False),
        ("stop", "help", False),
    ],
)
def test_a_lost_first_word_is_one_whose_sentence_goes_on_without_it(said: str, recognised: str, is_lost: bool) -> None:
    assert has_lost_first_word(said, recognised) is is_lost
