"""The timer store under kill -9 at any moment: nothing acknowledged is lost, nothing rings or is missed twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.crash.timer_process import plain
from tests.support.data import opened_database
from vesper.base.clock import SystemClock
from vesper.scheduling.schedule import Timer
from vesper.scheduling.timer_store import TimerStore
from vesper.storage.tables import Firing

NEW = "a new one"


class Victim:
    """The process that is killed again and again, and the record of everything it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.told: Counter[tuple[str, str, str]] = Counter()
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.in_flight = ""

    def run_and_kill(self, seed: int, after_lines: int) -> None:
        """Let it work until it has said so many lines, kill it there and then, and hear it out."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seed}\n")
        self._process.stdin.flush()
        self.in_flight = ""
        child = 0
        for number, words in enumerate(iter(self._next_line, ["ended"])):
            if words[0] == "child":
                child = words[1]
            self._note(words)
            if child and number >= after_lines:
                os.kill(child, signal.SIGKILL)
                after_lines = sys.maxsize

    def _next_line(self) -> list[Any]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def _note(self, words: list[Any]) -> None:
        if words[0] == "begin":
            self.in_flight = words[2] or NEW
        elif words[0] == "done":
            self.in_flight = ""
            self.acknowledged[words[2]["id"]] = words[2]
        elif words[0] == "problem":
            raise AssertionError(f"what was acknowledged is not on disk: {words[1]}")
        elif words[0] == "told":
            self.told[(words[1], words[2], words[3])] += 1


@contextmanager
def victim(folder: Path) -> Iterator[Victim]:
    command = [sys.executable, "-m", "tests.crash.timer_process", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Victim(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


async def check(path: Path, victim: Victim) -> None:
    async with opened_database(path, SystemClock()) as database:
        on_disk = {timer.id: timer for timer in await TimerStore(database).load()}
        fired = await database.read(firings)
    for timer_id, last in victim.acknowledged.items():
        if timer_id != victim.in_flight:
            assert is_as_acknowledged(last, on_disk.get(timer_id), fired), (last, on_disk.get(timer_id))
    unheard_of = on_disk.keys() - victim.acknowledged.keys()
    assert len(unheard_of) <= (1 if victim.in_flight == NEW else 0)
    for timer_id in {*unheard_of, victim.in_flight} - {NEW, ""}:  # it may have been done or not: the disk decides
        found = on_disk.get(timer_id)
        victim.acknowledged[timer_id] = plain(found) if found else {"id": timer_id, "state": "ended"}


def firings(session: Session) -> dict[str, set[str]]:
    """The outcomes of each item's firings by item id; the primary key already forbids a second row of one key."""
    found: dict[str, set[str]] = {}
    for row in session.exec(select(Firing)):
        found.setdefault(row.item_id, set()).add(row.outcome)
    return found


def is_as_acknowledged(last: dict[str, Any], timer: Timer | None, fired: dict[str, set[str]]) -> bool:
    """Whether the disk holds what was acknowledged last, or what its time made of it since."""
    if timer is None:
        return last["state"] == "ended" or "missed" in fired.get(last["id"], set())
    if timer.state == "ringing" and last["state"] == "running":
        return "rang" in fired[last["id"]]
    return plain(timer) == last


@pytest.mark.parametrize("rounds", [15, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
async def test_kills_at_any_moment_lose_nothing_and_double_nothing(tmp_path: Path, rounds: int):
    dice, cut_short = random.Random(rounds), 0
    with victim(tmp_path) as process:
        for _ in range(rounds):
            process.run_and_kill(dice.randrange(10**6), dice.randrange(60))
            await check(tmp_path / "vesper.db", process)
            cut_short += bool(process.in_flight)
    twice = [told for told, times in process.told.items() if times > 1]
    assert twice == []
    assert cut_short > rounds / 5, "most victims must be killed in the middle of a change"
    assert any(event == "timer.rang" for event, _, _ in process.told)
