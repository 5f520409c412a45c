"""Asking why there was no answer: what is taken for that question, and what is not."""

from __future__ import annotations

import pytest

from tests.support.conversation import conversation
from vesper.skills.builtin.why import Why
from vesper.understanding.intents import Risk


@pytest.mark.parametrize(
    "said",
    [
        "why didn't you answer",
        "Why did you not hear me?",
        "what went wrong",
        "Why didn't that work?",
        "vesper, why are you ignoring me",
        "can you tell me why there was no answer",
        "you didn't answer",
        "what happened to my question",
    ],
)
async def test_the_question_is_understood_and_answered_by_what_is_known(said: str) -> None:
    async with conversation() as talk:
        talk.reason = "The microphone is off."
        answer = await talk.ask(said)
    assert [match.intent for match in answer.matches] == ["assistant.why"]
    assert (answer.answer, answer.spoken) == ("The microphone is off.", "The microphone is off.")


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("i didn't hear you", "repeat"),
        ("what did you say", "repeat"),
        ("why", ""),
        ("why is the sky blue", ""),
        ("what happened in 1969", ""),
        ("what is the matter of the universe", ""),
    ],
)
async def test_other_questions_are_not(said: str, intent: str) -> None:
    async with conversation() as talk:
        assert [match.intent for match in (await talk.ask(said)).matches] == ([intent] if intent else [])


def test_it_changes_nothing_and_may_look_into_what_is_stored() -> None:
    assert ([spec.risk for spec in Why.intents], Why.needs_storage) == ([Risk.READ], True)
