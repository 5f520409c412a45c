"""Doubt: what was not surely heard is asked about, and done only after a yes."""

from __future__ import annotations

import pytest

from tests.support.conversation import Conversation, conversation
from vesper.base.events import IntentUnclaimed, SkillStarted
from vesper.dialogue.answer import Deed
from vesper.dialogue.doubt import is_doubted
from vesper.dialogue.utterance import Utterance
from vesper.understanding.intents import IntentMatch


async def heard(talk: Conversation, text: str, *, surely: bool = True) -> Deed:
    """One spoken turn."""
    utterance = Utterance(text, source="voice", verdict="sure" if surely else "unsure")
    return await talk.responder.act(await talk.responder.understand(utterance, talk.session)).deed


async def test_it_is_asked_first_and_done_after_a_yes() -> None:
    async with conversation() as talk:
        asked = await heard(talk, "speak louder", surely=False)
        assert (asked.outcome, asked.result.answer) == ("asked", "Did you say: speak louder?")
        assert talk.voice.dials["volume"] == 80

        done = await heard(talk, "yes please")
        assert (done.outcome, [match.intent for match in done.result.matches]) == ("answered", ["volume.up"])
        assert talk.voice.dials["volume"] > 80
        assert talk.session.question is None


async def test_nothing_is_claimed_while_it_is_only_asked() -> None:
    async with conversation() as talk:
        with talk.bus.subscribe(IntentUnclaimed, SkillStarted) as subscription:
            await heard(talk, "speak louder", surely=False)
            subscription.close()
            [event] = [event async for event in subscription]
    assert isinstance(event, IntentUnclaimed)
    assert [best["intent"] for best in event.best] == ["volume.up"]


async def test_after_a_no_it_is_asked_for_once_more() -> None:
    async with conversation() as talk:
        await heard(talk, "speak louder", surely=False)
        denied = await heard(talk, "no")
        assert (denied.outcome, denied.result.answer) == ("asked", "Sorry. Please say it once more.")
        assert talk.voice.dials["volume"] == 80
        assert (await heard(talk, "speak quieter")).outcome == "answered"


@pytest.mark.parametrize("stop", ["stop", "never mind", "cancel that"])
async def test_a_stop_instead_of_an_answer_is_a_stop(stop: str) -> None:
    async with conversation() as talk:
        await heard(talk, "speak louder", surely=False)
        stopped = await heard(talk, stop)
    assert ([match.intent for match in stopped.result.matches], stopped.result.spoken) == (["cancel"], "")


async def test_a_whole_new_request_goes_before_the_question() -> None:
    async with conversation() as talk:
        await heard(talk, "speak louder", surely=False)
        again = await heard(talk, "speak quieter")
        assert [match.intent for match in again.result.matches] == ["volume.down"]
        assert (await heard(talk, "yes")).outcome == "unclaimed"


async def test_an_unsure_request_instead_of_an_answer_is_asked_about_too() -> None:
    async with conversation() as talk:
        await heard(talk, "speak louder", surely=False)
        again = await heard(talk, "speak quieter", surely=False)
        assert again.result.answer == "Did you say: speak quieter?"
        assert (await heard(talk, "yes")).result.matches[0].intent == "volume.down"


def test_of_several_requests_one_that_matters_is_enough_to_ask() -> None:
    unsure = Utterance("louder and stop", source="voice", verdict="unsure")
    assert is_doubted(unsure, [IntentMatch("cancel"), IntentMatch("volume.up")], None)
    assert not is_doubted(unsure, [IntentMatch("cancel")], None)
    assert not is_doubted(unsure, [], None)


async def test_stopping_is_never_doubted() -> None:
    async with conversation() as talk:
        stopped = await heard(talk, "stop", surely=False)
    assert [match.intent for match in stopped.result.matches] == ["cancel"]


async def test_an_answer_to_a_question_is_never_doubted() -> None:
    async with conversation() as talk:
        await heard(talk, "set a timer")
        assert talk.session.question is not None
        filled = await heard(talk, "five minutes", surely=False)
        assert [match.intent for match in filled.result.matches] == ["timer.set"]

        await heard(talk, "speak louder", surely=False)
        assert (await heard(talk, "yes", surely=False)).result.matches[0].intent == "volume.up"


async def test_typed_words_are_never_doubted() -> None:
    async with conversation() as talk:
        assert (await talk.ask("speak louder")).matches[0].intent == "volume.up"


async def test_a_senseless_answer_has_the_question_repeated_once() -> None:
    async with conversation() as talk:
        await heard(talk, "speak louder", surely=False)
        assert (await heard(talk, "purple")).result.answer == "Did you say: speak louder?"
        assert (await heard(talk, "purple")).outcome == "unclaimed"


@pytest.mark.parametrize(
    ("intent", "snr_db", "is_asked"),
    [
        ("system.shutdown", 6.0, True),
        ("system.shutdown", 25.0, False),
        ("system.shutdown", None, False),
        ("clock.time", 6.0, False),
        ("cancel", 6.0, False),
    ],
)
def test_what_cannot_be_taken_back_is_asked_about_in_noise(intent: str, snr_db: float | None, is_asked: bool) -> None:
    utterance = Utterance("do it", source="voice", verdict="sure", snr_db=snr_db)
    harmful = {"system.shutdown", "cancel"}
    assert is_doubted(utterance, [IntentMatch(intent)], None, harmful=harmful) is is_asked
