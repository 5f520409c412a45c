"""The timers skill: what it says and does, whom it means, what it asks, how it is undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import pytest

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.language import load_language
from vesper.scheduling.keeper import Keeper
from vesper.skills.builtin.timers import Timers
from vesper.skills.registry import SkillRegistry, SkillServices
from vesper.skills.skill import Reply
from vesper.understanding.intents import IntentMatch, SlotValue


class SilentVoice:
    """A voice nobody hears."""

    def get(self, what: Literal["volume", "rate"]) -> int:
        return len(what)

    def set(self, what: Literal["volume", "rate"], value: int) -> int:
        return value

    def stop(self) -> bool:
        return False


@dataclass
class Kitchen:
    """The skill with a keeper on a virtual clock."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    has_listener: bool = True

    def __post_init__(self) -> None:
        self.keeper = Keeper(None, self.clock, EventBus(self.clock))
        services = SkillServices(self.clock, self.keeper, SilentVoice(), cast(Any, None), self.has_listener)
        self.registry = SkillRegistry(load_language("en"), services, (Timers,))

    async def asks(self, intent: str, **slots: SlotValue) -> Reply:
        return await self.registry.run(IntentMatch(intent, slots))

    def states(self) -> dict[str, str]:
        return {timer.name or "-": timer.state for timer in self.keeper.timers()}

    async def left(self) -> str:
        return (await self.asks("timer.remaining")).text


@pytest.fixture
async def kitchen() -> AsyncIterator[Kitchen]:
    kitchen = Kitchen()
    await kitchen.keeper.start()
    yield kitchen
    await kitchen.keeper.close()


@pytest.fixture
async def three(kitchen: Kitchen) -> Kitchen:
    """Pizza for ten minutes, tea for five, and ten minutes without a name."""
    for name, duration in (("pizza", "PT10M"), ("tea", "PT5M"), ("", "PT10M")):
        await kitchen.asks("timer.set", duration=duration, **({"name": name} if name else {}))
    return kitchen


async def test_setting_a_timer_says_how_long_and_under_which_name(kitchen: Kitchen):
    reply = await kitchen.asks("timer.set", duration="PT1H30M", name="pizza")
    assert "pizza" in reply.text
    assert "1 hour and 30 minutes" in reply.text
    assert kitchen.states() == {"pizza": "running"}


async def test_a_timer_without_a_length_is_asked_for_it_and_keeps_its_name(kitchen: Kitchen):
    reply = await kitchen.asks("timer.set", name="tea")
    assert kitchen.keeper.timers() == ()
    assert reply.question is not None
    assert (reply.question.kind, reply.question.intent, reply.question.slot) == ("fill", "timer.set", "duration")
    assert reply.question.slots == {"name": "tea"}


@pytest.mark.parametrize(("duration", "word"), [("PT0S", "second"), ("P101D", "100 days")])
async def test_a_length_that_makes_no_sense_gets_a_calm_sentence(kitchen: Kitchen, duration: str, word: str):
    reply = await kitchen.asks("timer.set", duration=duration)
    assert word in reply.text
    assert not reply.is_ok
    assert kitchen.keeper.timers() == ()


async def test_it_is_honest_about_what_will_not_last():
    alone = Kitchen(has_listener=False)
    reply = await alone.asks("timer.set", duration="PT5M")
    assert "only while Vesper is running" in reply.text
    assert "lost" in reply.text


async def test_undoing_a_new_timer_cancels_it(kitchen: Kitchen):
    reply = await kitchen.asks("timer.set", duration="PT5M", name="tea")
    assert reply.undo is not None
    assert "cancelled" in (await reply.undo()).text
    assert kitchen.keeper.timers() == ()


@pytest.mark.parametrize(
    ("slots", "left"),
    [
        ({"name": "tea"}, ["pizza", "-"]),
        ({"duration": "PT5M"}, ["pizza", "-"]),
        ({"which": "first"}, ["tea", "-"]),
        ({"which": "last"}, ["pizza", "tea"]),
        ({"which": "all"}, []),
        ({"name": "10 minutes"}, ["pizza", "tea"]),
    ],
)
async def test_a_timer_is_meant_by_name_length_or_place(three: Kitchen, slots: dict[str, str], left: list[str]):
    assert (await three.asks("timer.cancel", **slots)).is_ok
    assert list(three.states()) == left


async def test_what_is_ambiguous_is_asked_by_names_and_the_answer_settles_it(three: Kitchen):
    reply = await three.asks("timer.cancel", duration="PT10M")
    assert reply.question is not None
    assert reply.question.choices == ("pizza", "10 minutes")
    assert all(choice in reply.text for choice in reply.question.choices)
    assert len(three.keeper.timers()) == 3
    question = reply.question
    await three.asks(question.intent, **{**(question.slots or {}), question.slot: "pizza"})
    assert list(three.states()) == ["tea", "-"]


async def test_equal_timers_are_told_apart_by_number(kitchen: Kitchen):
    for _ in range(2):
        await kitchen.asks("timer.set", duration="PT10M")
    reply = await kitchen.asks("timer.pause")
    assert reply.question is not None
    assert reply.question.choices == ("10 minutes, number 1", "10 minutes, number 2")
    await kitchen.asks("timer.pause", name="10 minutes, number 2")
    assert [timer.state for timer in kitchen.keeper.timers()] == ["running", "paused"]


async def test_an_unknown_name_is_answered_with_those_there_are(three: Kitchen):
    reply = await three.asks("timer.cancel", name="coffee")
    assert "pizza timer, tea timer and timer for 10 minutes" in reply.text
    assert not reply.is_ok


async def test_cancelling_says_the_time_left_and_can_be_undone(kitchen: Kitchen):
    await kitchen.asks("timer.set", duration="PT5M", name="tea")
    await kitchen.clock.advance(60)
    reply = await kitchen.asks("timer.cancel")
    assert "4 minutes" in reply.text
    assert reply.undo is not None
    await kitchen.clock.advance(60)
    await reply.undo()
    assert await kitchen.left() == "3 minutes left on your tea timer."


async def test_a_ringing_timer_is_the_one_that_is_stopped(three: Kitchen):
    await three.clock.advance(301)
    assert (await three.asks("timer.cancel")).text == "I stopped your tea timer."
    assert list(three.states()) == ["pizza", "-"]


async def test_pausing_and_resuming_say_the_time_left(kitchen: Kitchen):
    await kitchen.asks("timer.set", duration="PT5M", name="tea")
    await kitchen.clock.advance(90)
    assert (await kitchen.asks("timer.pause")).text == "Your tea timer is paused with 3 minutes and 30 seconds left."
    await kitchen.clock.advance(3600)
    assert "paused with 3 minutes and 30 seconds" in await kitchen.left()
    resumed = await kitchen.asks("timer.resume")
    assert resumed.text == "Your tea timer goes on, with 3 minutes and 30 seconds left."
    assert resumed.undo is not None
    await resumed.undo()
    assert kitchen.states() == {"tea": "paused"}


@pytest.mark.parametrize("intent", ["timer.pause", "timer.resume", "timer.cancel", "timer.remaining", "timer.change"])
async def test_without_any_timer_it_says_so(kitchen: Kitchen, intent: str):
    reply = await kitchen.asks(intent, **({"offset": "PT1M"} if intent == "timer.change" else {}))
    assert "no" in reply.text
    assert not reply.is_ok
    assert reply.question is None


async def test_all_of_them_are_paused_at_once(three: Kitchen):
    assert "3 timers" in (await three.asks("timer.pause", which="all")).text
    assert set(three.states().values()) == {"paused"}


async def test_time_is_added_and_taken_and_both_can_be_undone(kitchen: Kitchen):
    await kitchen.asks("timer.set", duration="PT10M", name="rice")
    longer = await kitchen.asks("timer.change", offset="PT5M")
    assert longer.text == "Your rice timer now has 15 minutes left."
    shorter = await kitchen.asks("timer.change", offset="-PT1M")
    assert shorter.text == "Your rice timer now has 14 minutes left."
    assert shorter.undo is not None
    await shorter.undo()
    assert await kitchen.left() == "15 minutes left on your rice timer."


async def test_more_time_than_there_is_cannot_be_taken(kitchen: Kitchen):
    await kitchen.asks("timer.set", duration="PT2M", name="egg")
    reply = await kitchen.asks("timer.change", offset="-PT3M")
    assert reply.text == "Your egg timer has only 2 minutes left, so I kept it as it is."
    assert not reply.is_ok


async def test_a_ringing_timer_gets_time_again_and_undoing_that_ends_it(kitchen: Kitchen):
    await kitchen.asks("timer.set", duration="PT1M", name="egg")
    await kitchen.clock.advance(61)
    reply = await kitchen.asks("timer.change", offset="PT1M")
    assert kitchen.states() == {"egg": "running"}
    assert reply.undo is not None
    await reply.undo()
    assert kitchen.states() == {}


async def test_changing_without_saying_by_how_much_is_asked(kitchen: Kitchen):
    reply = await kitchen.asks("timer.change")
    assert reply.question is not None
    assert (reply.question.kind, reply.question.slot) == ("fill", "offset")


async def test_several_timers_are_told_together(three: Kitchen):
    await three.clock.advance(240)
    assert await three.left() == (
        "You have 3 timers: pizza timer, 6 minutes left; tea timer, 1 minute left; "
        "timer for 10 minutes, 6 minutes left."
    )
