"""The user's data is opened in the background, and is never a reason not to answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.events import Problem
from vesper.base.paths import user_paths
from vesper.engines.scripted.secrets import ScriptedSecretStore
from vesper.stores import Stores
from vesper.voice.trace import TurnRecord


class Home:
    """Stores of one home, with what was told about it."""

    def __init__(self, folder: Path, *, keeps_words: bool = False) -> None:
        clock = VirtualClock()
        self.bus = EventBus(clock)
        self.problems = self.bus.subscribe(Problem)
        self.notices: list[str] = []
        self.stores = Stores(
            user_paths(folder),
            ScriptedSecretStore(),
            bus=self.bus,
            clock=clock,
            keeps_words=lambda: keeps_words,
            notice=self.notices.append,
        )


def record(turn: str) -> TurnRecord:
    made = TurnRecord(turn, "wake", "2026-03-02T09:00:00+00:00", "answered", {"hear": 12.0}, {"end": "silence"})
    made.said, made.answered = "what time is it", "It's nine."
    return made


async def test_a_turn_is_kept_without_its_words(vesper_home: Path) -> None:
    home = Home(vesper_home)
    assert await home.stores.open() is not None
    await home.stores.keep_turn(record("a"))
    await home.stores.keep_turn(record("b"))
    kept = await home.stores.last_turns(5)
    assert [turn["id"] for turn in kept] == ["a", "b"]
    assert kept[0]["ms"] == {"hear": 12.0}
    assert kept[0]["end"] == "silence"
    assert "said" not in kept[0]
    assert (await home.stores.probe()).state == "ok"
    await home.stores.close()


async def test_the_words_are_kept_when_the_user_wants_a_history(vesper_home: Path) -> None:
    home = Home(vesper_home, keeps_words=True)
    await home.stores.open()
    await home.stores.keep_turn(record("a"))
    [kept] = await home.stores.last_turns(1)
    assert (kept["said"], kept["answered"]) == ("what time is it", "It's nine.")
    await home.stores.close()


async def test_where_the_key_lies_is_told_once(vesper_home: Path) -> None:
    for told in (1, 0):
        home = Home(vesper_home)
        await home.stores.open()
        await home.stores.close()
        assert len(home.notices) == told


async def test_a_file_that_cannot_be_read_is_told_and_vesper_goes_on(vesper_home: Path) -> None:
    await asyncio.to_thread(damage, vesper_home)
    home = Home(vesper_home)
    assert await home.stores.open() is None
    problem = await home.problems.next()
    assert isinstance(problem, Problem)
    await home.stores.keep_turn(record("a"))
    assert await home.stores.last_turns(5) == []
    probe = await home.stores.probe()
    assert (probe.state, probe.detail) == ("problem", problem.sentence)
    await home.stores.close()


def damage(folder: Path) -> None:
    """A database file full of nonsense."""
    paths = user_paths(folder)
    paths.make()
    paths.database_file.write_bytes(b"no database " * 1000)
