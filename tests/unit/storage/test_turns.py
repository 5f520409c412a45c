"""Traces of turns: the last 200, without a word of what was said, unless the user keeps a history."""

from __future__ import annotations

from pathlib import Path

from tests.support.data import opened_database
from vesper.storage.turns import KEPT_TURNS, Said, Turns, without_words

TRACE = {"id": "t1", "outcome": "answered", "ms": {"act": 3.5}, "facts": {"confidence": 0.9, "phrase": "okay nabu"}}


def test_words_are_left_out_wherever_they_slip_in():
    slipped = {
        **TRACE,
        "text": "call my doctor",
        "facts": {**TRACE["facts"], "heard": "call my doctor"},
        "intents": [{"intent": "timer.set", "slots": {"name": "doctor"}}],
    }
    assert without_words(slipped) == {**TRACE, "intents": ["timer.set"]}


async def test_the_newest_traces_are_kept_in_order(tmp_path: Path):
    async with opened_database(tmp_path / "vesper.db") as database:
        turns = Turns(database)
        for number in range(KEPT_TURNS + 5):
            await turns.add_turn({**TRACE, "id": str(number)})
        found = await turns.last_turns()
        assert [turn["id"] for turn in found] == [str(n) for n in range(5, KEPT_TURNS + 5)]
        assert [turn["id"] for turn in await turns.last_turns(2)] == ["203", "204"]
        assert found[0] == {**TRACE, "id": "5"}


async def test_a_history_is_kept_only_when_given_and_can_be_erased(tmp_path: Path):
    async with opened_database(tmp_path / "vesper.db") as database:
        turns = Turns(database)
        await turns.add_turn(TRACE, Said("set a timer", "For how long?", 1))
        assert await turns.last_turns() == [{**TRACE, "said": "set a timer", "answered": "For how long?"}]
        await turns.forget_words()
        assert await turns.last_turns() == [TRACE]
