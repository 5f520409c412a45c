"""The clock skill, as a person meets it: a Saturday, 3:05 pm in Berlin."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.conversation import Conversation, conversation
from vesper.skills.builtin.clock import Clock
from vesper.understanding.intents import Risk


@pytest.fixture
async def talk() -> AsyncIterator[Conversation]:
    async with conversation() as talk:
        yield talk


def test_it_changes_nothing() -> None:
    assert {spec.risk for spec in Clock.intents} == {Risk.READ}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("what time is it", "It's 3:05 pm."),
        ("What's the time, please?", "It's 3:05 pm."),
        ("could you tell me the time in paris texas", "It's 8:05 am in Paris, Texas."),
        ("what time is it in Tokyo", "It's 11:05 pm in Tokyo."),
        ("what time is it in sydney right now", "It's 1:05 am on Sunday in Sydney."),
        ("time in portland", "It's 6:05 am in Portland."),
        ("time in portland maine", "It's 9:05 am in Portland, Maine."),
        ("what's the time in são paulo", "It's 11:05 am in São Paulo."),
        ("what time is it in the uk", "It's 2:05 pm in the United Kingdom."),
        ("what time is it in birmingham", "It's 2:05 pm in Birmingham, United Kingdom."),
        (
            "what time is it in the united states",
            "In the capital of the United States it's 9:05 am on Saturday; there is more than one time zone.",
        ),
    ],
)
async def test_the_time_here_and_anywhere(talk: Conversation, said: str, answer: str) -> None:
    assert await talk.say(said) == answer


async def test_a_place_on_no_map_is_said_calmly_and_is_no_failure(talk: Conversation) -> None:
    result = await talk.ask("what time is it in narnia")

    assert result.answer == "I don't know a place called Narnia."
    assert result.matches[0].intent == "clock.time"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("what time zone am i in", "You're on UTC+1 (CET)."),
        ("what time zone is cape town in", "Cape Town is on UTC+2 (SAST), 1 hour ahead of you."),
        ("how many hours ahead is india", "India is on UTC+5:30 (IST), 4 hours and 30 minutes ahead of you."),
        ("what's the time zone in rome", "Rome is on UTC+1 (CET), the same time as yours."),
        ("time zone of the netherlands", "The Netherlands is on UTC+1 (CET), the same time as yours."),
        ("what's the timezone in new york", "New York is on UTC-5 (EST), 6 hours behind you."),
        ("what time zone is dubai in", "Dubai is on UTC+4, 3 hours ahead of you."),
    ],
)
async def test_time_zones(talk: Conversation, said: str, answer: str) -> None:
    assert await talk.say(said) == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("what's the date", "It's Saturday, November 21, 2026."),
        ("what day is it today", "It's Saturday, November 21, 2026."),
        ("what's the date tomorrow", "Tomorrow is Sunday, November 22, 2026."),
        ("what was yesterday's date", "Yesterday was Friday, November 20, 2026."),
        ("what day is the 3rd of may", "That's Monday, May 3, 2027."),
        ("what day is the third of may", "That's Monday, May 3, 2027."),
        ("what day of the week was january 1 2000", "That was Saturday, January 1, 2000."),
        ("tell me the date 650 days from now", "That's Friday, September 1, 2028."),
        ("when is christmas", "Christmas is Friday, December 25, 2026."),
        ("when is easter next year", "Easter is Sunday, March 28, 2027."),
        ("how many days until christmas", "34 days until Christmas, Friday, December 25, 2026."),
        ("how many weeks until easter", "18 weeks and 1 day until Easter, Sunday, March 28, 2027."),
        ("how many weeks until december 26", "Exactly 5 weeks until Saturday, December 26, 2026."),
        ("how many days until july 4th 2030", "1321 days until Thursday, July 4, 2030."),
        ("how many days since easter", "230 days since Easter, Sunday, April 5, 2026."),
        ("how many days until today", "That's today: Saturday, November 21, 2026."),
        ("what day is today", "It's Saturday, November 21, 2026."),
        ("what's the date in auckland", "In Auckland it's Sunday, November 22, 2026."),
    ],
)
async def test_dates(talk: Conversation, said: str, answer: str) -> None:
    assert await talk.say(said) == answer


async def test_a_date_nobody_knows_is_not_claimed(talk: Conversation) -> None:
    assert (await talk.ask("how many days until my birthday")).matches == ()
