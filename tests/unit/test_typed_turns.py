"""A typed turn: prepared between understanding and acting, answered, told once, and kept without its words."""

from __future__ import annotations

import asyncio
import json

from tests.support.conversation import conversation
from vesper.base.events import IntentUnderstood, SkillStarted, TurnFinished
from vesper.dialogue.answer import Plan
from vesper.dialogue.late import LateResponder
from vesper.dialogue.responder import Responder
from vesper.typed_turns import TypedTurns
from vesper.voice.trace import TurnRecord


class Kept:
    """Keeps traces in a list."""

    def __init__(self) -> None:
        self.records: list[TurnRecord] = []

    async def keep(self, record: TurnRecord) -> None:
        self.records.append(record)


async def test_what_a_plan_needs_is_prepared_before_anything_is_done() -> None:
    async with conversation() as talk:
        events = talk.bus.subscribe(IntentUnderstood, SkillStarted, TurnFinished)
        seen: list[tuple[bool, int]] = []

        async def prepare(responder: Responder, plan: Plan) -> None:
            seen.append((responder.needs_storage(plan), len(talk.keeper.timers())))

        late = LateResponder(lambda: talk.responder)
        await late.open()
        turns = TypedTurns(late, "en", bus=talk.bus, clock=talk.clock, keep=Kept().keep, prepare=prepare)
        await turns.ask("set a timer for five minutes")
        await turns.ask("what time is it")
        assert seen == [(True, 0), (False, 1)]
        events.close()
        kinds = [type(event).__name__ for event in [event async for event in events]]
        assert kinds == ["IntentUnderstood", "SkillStarted", "TurnFinished"] * 2


async def test_the_trace_names_intents_and_times_and_no_word() -> None:
    async with conversation() as talk:
        kept = Kept()
        late = LateResponder(lambda: talk.responder)
        await late.open()
        turns = TypedTurns(late, "en", bus=talk.bus, clock=talk.clock, keep=kept.keep)
        answer = await turns.ask("set a wedding timer for five minutes")
        record = kept.records[0]
        assert (record.opened_by, record.outcome, record.facts) == ("typed", "answered", {"intents": ["timer.set"]})
        assert record.ms == answer["ms"]
        assert "wedding" not in json.dumps([record.ms, record.facts])


async def test_a_question_is_answered_in_its_own_session() -> None:
    async with conversation() as talk:
        late = LateResponder(lambda: talk.responder)
        await late.open()
        turns = TypedTurns(late, "en", bus=talk.bus, clock=talk.clock, keep=Kept().keep)
        asked = await turns.ask("set a timer")
        assert asked["needs"]["kind"] == "fill"
        elsewhere, here = await asyncio.gather(
            turns.ask("ten minutes"), turns.ask("ten minutes", session=asked["session"])
        )
        assert (elsewhere["source"], here["source"]) == ("none", "skill:timers")
