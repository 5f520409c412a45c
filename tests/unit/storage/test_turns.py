"""Traces of turns: the last 200, without a word of what was said, unless the user keeps a history."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.data import KEY, opened_database
from vesper.base.errors import StorageFailed
from vesper.storage.connection import open_connection
from vesper.storage.turns import KEPT_TURNS, Said, Turns, add_turn_alone, without_words

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


async def test_a_command_leaves_its_trace_on_a_connection_of_its_own(tmp_path: Path):
    path = tmp_path / "vesper.db"
    async with opened_database(path):
        pass
    for number in range(KEPT_TURNS + 1):
        trace = {**TRACE, "id": str(number), "text": "call my doctor"}
        assert await asyncio.to_thread(add_turn_alone, path, KEY, trace)
    async with opened_database(path) as database:
        found = await Turns(database).last_turns()
    assert [turn["id"] for turn in found] == [str(n) for n in range(1, KEPT_TURNS + 1)]
    assert found[0] == {**TRACE, "id": "1"}


def test_a_trace_alone_makes_no_file(tmp_path: Path):
    assert not add_turn_alone(tmp_path / "vesper.db", KEY, TRACE)
    assert list(tmp_path.iterdir()) == []


def test_a_trace_alone_waits_for_the_newest_form(tmp_path: Path):
    path = tmp_path / "vesper.db"
    with closing(open_connection(path, KEY)) as connection:
        connection.execute("CREATE TABLE something_else (id TEXT)")
    assert not add_turn_alone(path, KEY, TRACE)


def test_a_trace_alone_says_when_the_key_does_not_fit(tmp_path: Path):
    path = tmp_path / "vesper.db"
    with closing(open_connection(path, KEY)) as connection:
        connection.execute("CREATE TABLE something_else (id TEXT)")
    with pytest.raises(StorageFailed, match="key does not fit"):
        add_turn_alone(path, bytes(31) + b"x", TRACE)
