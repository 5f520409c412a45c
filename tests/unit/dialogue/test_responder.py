"""The responder: understanding has no effect, acting is not cut, failures become one calm sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

import pytest

from tests.support.conversation import Conversation, conversation
from vesper.base.errors import Missing
from vesper.base.events import AnswerText, Event, IntentUnclaimed, IntentUnderstood, SkillFinished, SkillStarted
from vesper.dialogue.utterance import Utterance
from vesper.skills.skill import Reply, Skill, SkillContext, Slots, handles
from vesper.understanding.intents import IntentSpec


class Kettle(Skill):
    """Answers to "help" as a test wants it."""

    name: ClassVar[str] = "guide"
    intents: ClassVar[tuple[IntentSpec, ...]] = (IntentSpec("help"),)
    error: ClassVar[Exception | None] = None
    gate: ClassVar[asyncio.Event]
    done: ClassVar[list[str]]

    @handles("help")
    async def boil(self, slots: Slots, context: SkillContext) -> Reply:
        """Wait for the gate, then be done or fail."""
        del slots, context
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.done.append("boiled")
        return Reply("It boils.")


@pytest.fixture(autouse=True)
def _fresh_kettle() -> None:
    Kettle.error, Kettle.gate, Kettle.done = None, asyncio.Event(), []
    Kettle.gate.set()


async def events_of(talk: Conversation, text: str) -> list[Event]:
    with talk.bus.subscribe() as subscription:
        await talk.ask(text)
        subscription.close()
        return [event async for event in subscription]


async def test_a_turn_is_told_in_order_under_one_id() -> None:
    async with conversation() as talk:
        events = await events_of(talk, "what time is it")

    assert [type(event) for event in events] == [IntentUnderstood, SkillStarted, SkillFinished, AnswerText]
    assert len({event.turn for event in events}) == 1
    finished = next(event for event in events if isinstance(event, SkillFinished))
    assert (finished.skill, finished.ok) == ("clock", True)


async def test_understanding_has_no_effect() -> None:
    async with conversation() as talk:
        plan = await talk.responder.understand(Utterance("louder"), talk.session, turn="t1")

        assert (plan.turn, plan.matches[0].intent) == ("t1", "volume.up")
        assert (talk.voice.dials["volume"], talk.session.last_answer) == (80, "")


async def test_cutting_the_answer_never_cuts_the_action() -> None:
    async with conversation(skills=(Kettle,)) as talk:
        Kettle.gate.clear()
        answer = talk.responder.act(await talk.responder.understand(Utterance("help"), talk.session))
        telling = asyncio.ensure_future(anext(answer))
        await asyncio.sleep(0)

        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        Kettle.gate.set()

        assert await answer.outcome() == "answered"
        assert Kettle.done == ["boiled"]


async def test_an_action_runs_even_if_nobody_listens_to_the_answer() -> None:
    async with conversation(skills=(Kettle,)) as talk:
        answer = talk.responder.act(await talk.responder.understand(Utterance("help"), talk.session))

        assert await answer.outcome() == "answered"
        assert Kettle.done == ["boiled"]


async def test_an_answer_is_iterated_for_its_parts() -> None:
    async with conversation() as talk:
        answer = talk.responder.act(await talk.responder.understand(Utterance("mute"), talk.session))

        assert [(part.text, part.is_spoken) async for part in answer] == [("Muted. I'll answer in writing.", False)]


async def test_an_expected_failure_is_said_with_what_to_do() -> None:
    async with conversation(skills=(Kettle,)) as talk:
        Kettle.error = Missing("kettle.missing", "There is no kettle.", "Plug one in.")
        with talk.bus.subscribe(SkillFinished) as finished:
            plan = await talk.responder.understand(Utterance("help"), talk.session)
            deed = await talk.responder.act(plan).deed
            event = await finished.next()

        assert (deed.result.answer, deed.outcome) == ("There is no kettle. Plug one in.", "failed")
        assert isinstance(event, SkillFinished)
        assert not event.ok


async def test_a_bug_is_one_calm_sentence_and_the_log_knows_the_place_but_no_word(
    expect_log: Callable[[str], None],
) -> None:
    expect_log(r"^ERROR vesper\.dialogue\.responder: skill guide failed: KeyError at test_responder\.py:\d+[^']*$")
    async with conversation(skills=(Kettle,)) as talk:
        Kettle.error = KeyError("a private word")

        assert await talk.say("help") == "Sorry, something went wrong inside me. Nothing you saved is affected."


async def test_what_nobody_claims_is_answered_honestly_with_an_example() -> None:
    async with conversation() as talk:
        with talk.bus.subscribe(IntentUnclaimed) as unclaimed:
            result = (await talk.ask("what is the meaning of life")).as_dict()
            assert await unclaimed.next() is not None

    assert (result["intents"], result["source"], result["needs"]) == ([], "none", None)
    assert "language model" in result["answer"]
    assert "“" in result["answer"]


async def test_after_speech_nobody_claims_the_answer_doubts_its_own_ears() -> None:
    async with conversation() as talk:
        plan = await talk.responder.understand(Utterance("wreck a nice beach", source="voice"), talk.session)
        result = (await talk.responder.act(plan).deed).result

    assert "not sure I understood" in result.answer


async def test_the_object_of_ask_json_is_whole() -> None:
    async with conversation() as talk:
        result = (await talk.ask("what time is it in tokyo")).as_dict()

    assert set(result) == {"text", "intents", "answer", "spoken", "source", "needs", "ms", "session"}
    assert result["intents"] == [{"intent": "clock.time", "slots": {"place": "tokyo"}, "score": 1.0}]
    assert result["source"] == "skill:clock"
    assert set(result["ms"]) == {"understand", "act", "total"}


async def test_a_question_is_asked_answered_and_forgotten() -> None:
    async with conversation() as talk:
        asked = (await talk.ask("set a timer")).as_dict()
        assert asked["needs"] == {"kind": "fill", "prompt": asked["answer"], "choices": []}

        answered = (await talk.ask("for ten minutes")).as_dict()

        assert answered["intents"][0]["slots"] == {"duration": "PT10M"}
        assert answered["needs"] is None


async def test_a_senseless_reply_is_asked_about_once_and_then_let_go() -> None:
    async with conversation() as talk:
        question = await talk.say("set a timer")

        assert await talk.say("blue elephants") == question
        assert (await talk.ask("blue elephants")).question is None
        assert (await talk.ask("ten minutes")).matches == ()


async def test_silence_typed_is_met_with_an_offer() -> None:
    async with conversation() as talk:
        assert "What can I do" in await talk.say("  ")
