"""A process that changes timers without pause until it is killed, and says what was acknowledged.

Run as `python -m tests.crash.timer_process FOLDER`. It imports everything once; each line on stdin is the seed of a
round, for which it forks a child that works on FOLDER/vesper.db. Each line of a child on stdout is one JSON list:

    ["child", pid] · ["begin", act, timer id] · ["done", act, timer as kept] · ["told", event, timer id, due]
    ["problem", code]

and the parent says ["ended"] when the child is dead.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import alembic.command
import sqlcipher3
import sqlmodel

import vesper.storage.tables
from tests.support.data import KEY
from vesper.base.bus import EventBus, Subscription
from vesper.base.clock import SystemClock
from vesper.base.events import Problem, TimerMissed, TimerRang, TimerStopped
from vesper.scheduling.keeper import Keeper, Timer
from vesper.storage.database import Database

IMPORTED_BEFORE_FORKING = (alembic.command, sqlcipher3, sqlmodel, vesper.storage.tables)


def say(*words: Any) -> None:
    """One line, in one write: a killed process leaves no half line."""
    os.write(1, (json.dumps(words) + "\n").encode())


def plain(timer: Timer) -> dict[str, Any]:
    """What must be on disk of a timer."""
    left_ms = None if timer.left is None else round(timer.left / timedelta(milliseconds=1))
    return {"id": timer.id, "state": timer.state, "name": timer.name, "armed": timer.armed, "left_ms": left_ms}


async def tell(events: Subscription) -> None:
    async for event in events:
        if isinstance(event, Problem):
            say("problem", event.code)
        else:
            assert isinstance(event, TimerRang | TimerMissed | TimerStopped)
            say("told", event.name, event.id, event.due)


async def work(folder: Path, seed: int) -> None:
    dice, clock = random.Random(seed), SystemClock()
    bus = EventBus(clock)
    database = Database(folder / "vesper.db", KEY, clock)
    await database.open()
    keeper = Keeper(database, clock, bus)
    teller = asyncio.get_running_loop().create_task(tell(bus.subscribe(TimerRang, TimerMissed, TimerStopped, Problem)))
    await keeper.start()
    while not teller.done():
        await act(dice, keeper)


async def act(dice: random.Random, keeper: Keeper) -> None:
    """One random change; few enough timers stay for each to be met again."""
    timers = keeper.timers()
    if len(timers) < 3 or (len(timers) < 8 and dice.random() < 0.3):
        say("begin", "add", "")
        length = timedelta(milliseconds=dice.choice([20, 50, 200, 600_000]))
        say("done", "add", plain(await keeper.add_timer(length, f"timer {dice.randrange(1000)}")))
        return
    timer = dice.choice(timers)
    name = dice.choice(["pause", "resume", "change", "cancel"])
    say("begin", name, timer.id)
    if name == "cancel":
        await keeper.cancel(timer.id)
        say("done", "cancel", {"id": timer.id, "state": "ended"})
        return
    changing = {"pause": keeper.pause, "resume": keeper.resume, "change": lambda i: keeper.change(i, timedelta(0.001))}
    say("done", name, plain(await changing[name](timer.id)))


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(work(folder, int(line)))
        say("child", child)
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
