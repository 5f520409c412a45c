"""Vesper's own volume and speed. The voice begins at 80 percent and 170 words a minute."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.conversation import Conversation, conversation
from vesper.skills.builtin.speech_control import RATE_STEP, VOLUME_STEP, SpeechControl
from vesper.understanding.intents import Risk


@pytest.fixture
async def talk() -> AsyncIterator[Conversation]:
    async with conversation() as talk:
        yield talk


@pytest.mark.parametrize(
    ("said", "volume"),
    [
        ("set the volume to 60 percent", 60),
        ("set the volume to 35%", 35),
        ("volume forty five", 45),
        ("set volume to 4", 40),
        ("set volume to four percent", 4),
        ("volume max", 100),
        ("put the volume to half", 50),
        ("turn the volume up to 90", 90),
        ("turn the volume down to 20", 20),
        ("louder", 80 + VOLUME_STEP),
        ("please speak up", 80 + VOLUME_STEP),
        ("i can't hear you", 80 + VOLUME_STEP),
        ("a bit louder", 85),
        ("turn it up by 15", 95),
        ("turn it down", 80 - VOLUME_STEP),
        ("you're too loud", 80 - VOLUME_STEP),
        ("turn the volume down by twenty percent", 60),
        ("mute yourself", 0),
        ("set the volume to zero", 0),
    ],
)
async def test_the_volume_follows_what_was_said(talk: Conversation, said: str, volume: int) -> None:
    await talk.say(said)

    assert talk.voice.dials["volume"] == volume


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        ("speak faster", 170 + RATE_STEP),
        ("could you slow down a bit", 170 - RATE_STEP),
        ("you are talking too fast", 170 - RATE_STEP),
        ("speak at 200 words per minute", 200),
    ],
)
async def test_the_rate_follows_what_was_said(talk: Conversation, said: str, rate: int) -> None:
    await talk.say(said)

    assert talk.voice.dials["rate"] == rate


async def test_at_its_end_a_dial_says_so(talk: Conversation) -> None:
    await talk.say("volume max")

    assert await talk.say("louder") == "I'm already as loud as I can be."


async def test_normal_speed_is_the_usual_one(talk: Conversation) -> None:
    await talk.say("speak faster")
    await talk.say("speak normally")

    assert talk.voice.dials["rate"] == 170


async def test_mute_speaks_no_answer_and_unmute_goes_back_to_where_it_was(talk: Conversation) -> None:
    await talk.say("set the volume to 60 percent")
    muted = await talk.ask("mute")
    assert (muted.spoken, talk.voice.dials["volume"]) == ("", 0)
    assert await talk.say("how loud are you") == "My voice is muted."

    await talk.say("unmute")

    assert talk.voice.dials["volume"] == 60
    assert await talk.say("what's the volume") == "My volume is 60 percent."


async def test_unmute_of_a_voice_that_speaks_changes_nothing(talk: Conversation) -> None:
    assert await talk.say("unmute") == "My volume is 80 percent."


@pytest.mark.parametrize("said", ["set the volume to 20 percent", "louder", "mute", "speak faster"])
async def test_every_change_can_be_undone(talk: Conversation, said: str) -> None:
    before = dict(talk.voice.dials)
    await talk.say(said)
    assert talk.voice.dials != before

    await talk.say("undo that")

    assert talk.voice.dials == before


def test_all_that_changes_something_says_that_it_can_be_undone() -> None:
    reading = {spec.name for spec in SpeechControl.intents if spec.risk is Risk.READ}
    assert reading == {"volume.query"}
