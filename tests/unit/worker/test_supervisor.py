"""Keeping an engine running: what callers see when it dies, hangs, or cannot be started again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine

import pytest

from tests.support.toy_engine import ToyEngine
from vesper.base.clock import VirtualClock
from vesper.base.errors import EngineFailed, Missing, VesperError
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.worker.loop import LoopTransport
from vesper.worker.messages import ENGINE, Reply, Request, shape_of
from vesper.worker.performer import Performer
from vesper.worker.supervisor import Line, Supervisor

Announce = Callable[[str], None]


class MortalTransport(LoopTransport):
    """The loop transport, and a way to end it from outside; `is_deaf` swallows calls of "hang"."""

    def __init__(self, performer: Performer) -> None:
        super().__init__(performer)
        self.gone: Callable[[str], None] = lambda _: None
        self.was_killed = False

    async def start(self, take: Callable[[Reply], None], gone: Callable[[str], None]) -> None:
        await super().start(take, gone)
        self.gone = gone

    def send(self, request: Request) -> None:
        if request.method != "hang":
            super().send(request)

    def kill(self) -> None:
        super().kill()
        self.was_killed = True


class Stage:
    """A supervisor over toy engines, on a virtual clock; `is_broken` makes the next ones fail to open."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.owner = TaskOwner("test", told_by_awaiting)
        self.lives: list[MortalTransport] = []
        self.restarts: list[tuple[str, str]] = []
        self.is_broken = False
        self.supervisor = Supervisor(
            "toy",
            shape_of(ToyEngine),
            self._transport,
            owner=self.owner,
            on_restart=lambda name, why: self.restarts.append((name, why)),
            clock=self.clock,
        )

    def _transport(self) -> MortalTransport:
        def make() -> ToyEngine:
            if self.is_broken:
                raise Missing("toy.missing", "The toy is not here.")
            return ToyEngine()

        self.lives.append(MortalTransport(Performer(make)))
        return self.lives[-1]

    async def call(self, method: str, *args: object) -> object:
        return (await self.supervisor.call(method, args, {}))[1]

    def line(self) -> Line:
        assert self.supervisor.line is not None
        return self.supervisor.line


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.supervisor.open()
    yield stage
    await stage.supervisor.close()
    await stage.owner.close()


async def test_a_call_reaches_the_engine(stage: Stage) -> None:
    assert await stage.call("echo", "hello") == "hello"


async def test_when_the_engine_dies_who_waits_is_told_and_the_next_call_is_served(
    stage: Stage, expect_log: Announce
) -> None:
    expect_log("engine toy was started again: ended with code -6")
    waiting = stage.owner.start(stage.call("hang"), "wait")
    await settle()
    stage.lives[0].gone("ended with code -6")
    with pytest.raises(EngineFailed) as failure:
        await waiting
    assert failure.value.code == "engine.died"
    assert await stage.call("echo", 1) == 1
    assert stage.restarts == [("toy", "ended with code -6")]


async def test_a_hung_engine_is_killed_and_replaced(stage: Stage, expect_log: Announce) -> None:
    expect_log("hung in hang")
    with pytest.raises(EngineFailed) as failure:
        await stage.call("hang")
    assert failure.value.code == "engine.hung"
    assert stage.lives[0].was_killed
    assert await stage.call("echo", 1) == 1


async def test_what_the_engine_must_know_is_repeated_after_a_restart(stage: Stage, expect_log: Announce) -> None:
    expect_log("started again")
    await stage.call("load", "first grammar")
    await stage.call("load", "second grammar")
    stage.lives[0].gone("ended")
    assert await stage.call("loaded") == "second grammar"


async def test_a_remote_object_ends_with_the_life_it_came_from(stage: Stage, expect_log: Announce) -> None:
    expect_log("started again")
    line, ref = await stage.supervisor.call("start", (), {})
    stage.lives[0].gone("ended")
    await settle()
    stage.supervisor.post(line, ref.target, "feed", args=("x",), kwargs={})
    with pytest.raises(EngineFailed) as failure:
        await stage.supervisor.call_on(line, ref.target, "counted", args=(), kwargs={})
    assert failure.value.code == "engine.restarted"


async def test_an_engine_that_keeps_dying_is_started_after_growing_pauses(stage: Stage, expect_log: Announce) -> None:
    expect_log("started again")
    pauses: list[float] = []
    for _ in range(5):
        stage.lives[-1].gone("ended")
        await settle()
        waited = 0.0
        while stage.supervisor.line is None:
            await stage.clock.advance(0.25)
            waited += 0.25
        pauses.append(waited)
    assert pauses[0] == 0.0
    assert pauses[1:] == sorted(pauses[1:])
    assert pauses[-1] >= 4.0


async def test_after_a_steady_minute_a_death_is_a_first_one_again(stage: Stage, expect_log: Announce) -> None:
    expect_log("started again")
    for _ in range(3):
        stage.lives[-1].gone("ended")
        await stage.clock.advance(5)
        assert stage.supervisor.line is not None
    await stage.clock.advance(120)
    stage.lives[-1].gone("ended")
    await settle()
    assert stage.supervisor.line is not None


async def test_an_engine_that_cannot_be_opened_again_says_why_until_it_can(stage: Stage, expect_log: Announce) -> None:
    expect_log("could not be started again: toy.missing")
    expect_log("was started again")
    stage.is_broken = True
    stage.lives[0].gone("ended")
    await settle()
    asking = stage.owner.start(_failure_of(stage.call("echo", 1)), "ask")
    await stage.clock.advance(60)
    assert isinstance(await asking, Missing)
    stage.is_broken = False
    asking_again = stage.owner.start(stage.call("echo", 1), "ask again")
    await stage.clock.advance(60)
    assert await asking_again == 1


async def _failure_of(call: Coroutine[None, None, object]) -> VesperError | None:
    try:
        await call
    except VesperError as error:
        return error
    return None


async def test_the_first_opening_raises_what_the_engine_raises() -> None:
    stage = Stage()
    stage.is_broken = True
    with pytest.raises(Missing):
        await stage.supervisor.open()
    assert stage.lives[0].was_killed
    assert stage.restarts == []


async def test_a_closed_engine_answers_nothing_and_does_not_come_back(stage: Stage) -> None:
    waiting = stage.owner.start(_failure_of(stage.call("hang")), "wait")
    await settle()
    await stage.supervisor.close()
    await stage.supervisor.close()
    assert isinstance(await waiting, EngineFailed)
    stage.lives[0].gone("ended")
    await settle()
    assert len(stage.lives) == 1
    with pytest.raises(EngineFailed) as failure:
        await stage.call("echo", 1)
    assert failure.value.code == "engine.closed"


async def test_a_late_word_of_an_old_life_harms_nobody(stage: Stage, expect_log: Announce) -> None:
    expect_log("started again")
    stage.lives[0].gone("ended")
    await settle()
    stage.lives[0].gone("ended")
    assert await stage.call("echo", ENGINE) == ENGINE
    assert len(stage.lives) == 2
