"""The asynchronous port over a synchronous engine, in the loop and in a thread (a child: tests/end_to_end)."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np
import pytest

from tests.support.toy_engine import ToyEngine, release
from vesper.base.errors import EngineFailed, Missing, WrongUsage
from vesper.base.tasks import TaskOwner
from vesper.worker.loop import LoopTransport
from vesper.worker.proxy import EngineProxy, make_async
from vesper.worker.thread import ThreadTransport

PLACES = {"loop": LoopTransport, "thread": ThreadTransport}


@dataclass(frozen=True)
class Row:
    runs: str
    target: str = "tests.support.toy_engine:ToyEngine"
    name: str = "toy"


@pytest.fixture(params=PLACES)
async def proxy(request: pytest.FixtureRequest) -> AsyncIterator[EngineProxy]:
    owner = TaskOwner("test")
    proxy = make_async(Row(request.param), owner=owner)
    await proxy.open()
    yield proxy
    await proxy.close()
    await owner.close()


async def test_methods_become_coroutines_with_the_same_names(proxy: EngineProxy) -> None:
    assert await proxy.echo(("a", 1)) == ("a", 1)
    assert await proxy.load(value="b") == 1
    assert await proxy.loaded() == "b"


async def test_what_the_engine_has_not_the_proxy_has_not(proxy: EngineProxy) -> None:
    with pytest.raises(AttributeError):
        _ = proxy.nothing


async def test_properties_hold_their_value(proxy: EngineProxy) -> None:
    assert proxy.info.keys() == {"pid", "thread"}


async def test_generators_become_async_iterators(proxy: EngineProxy) -> None:
    assert [number async for number in proxy.count(3)] == [0, 1, 2]


async def test_leaving_an_iteration_ends_the_generator_and_frees_the_engine(proxy: EngineProxy) -> None:
    async with aclosing(proxy.count(10**12)) as numbers:
        async for number in numbers:
            if number == 3:
                break
    assert await proxy.calls() < 10**6


async def test_a_cancelled_caller_does_not_disturb_the_next(proxy: EngineProxy) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            async for _ in proxy.count(10**12):
                pass
    assert await proxy.echo(1) == 1


async def test_remote_objects_take_posts_in_order_and_answer_calls(proxy: EngineProxy) -> None:
    stream = await proxy.start()
    for _ in range(10):
        stream.feed(np.zeros(160, np.float32))
    assert await stream.counted() == 1600


async def test_a_remote_object_is_forgotten_with_its_last_reference(proxy: EngineProxy) -> None:
    stream = await proxy.start()
    line, ref = stream._line, stream._ref
    del stream
    gc.collect()
    await asyncio.sleep(0)
    with pytest.raises(EngineFailed) as failure:
        await proxy._supervisor.call_on(line, ref.target, "counted", args=(), kwargs={})
    assert failure.value.code == "engine.forgotten"


async def test_errors_of_the_engine_are_raised_as_they_are(proxy: EngineProxy) -> None:
    with pytest.raises(Missing) as failure:
        await proxy.miss()
    assert failure.value.hint == "Look under the sofa."


async def test_a_bug_in_the_engine_is_logged_with_its_place(
    proxy: EngineProxy, expect_log: Callable[[str], None]
) -> None:
    expect_log("engine toy: ValueError in bug, at .*toy_engine.py")
    with pytest.raises(EngineFailed):
        await proxy.bug()


async def test_many_calls_at_once_all_get_their_own_answer(proxy: EngineProxy) -> None:
    assert await asyncio.gather(*(proxy.echo(n) for n in range(100))) == list(range(100))


async def test_in_a_thread_the_loop_stays_free_and_the_engine_sees_one_thread() -> None:
    owner = TaskOwner("test")
    proxy = make_async(Row("thread"), owner=owner)
    await proxy.open()
    assert proxy.info["thread"] != threading.get_ident()
    await proxy.close()
    await owner.close()


async def test_a_thread_that_hangs_is_left_behind_and_another_serves(expect_log: Callable[[str], None]) -> None:
    expect_log("engine toy was started again: hung in hang")
    owner, restarts = TaskOwner("test"), list[str]()
    proxy = make_async(
        Row("thread"), owner=owner, on_restart=lambda _, why: restarts.append(why), deadlines={"hang": 0.02}
    )
    await proxy.open()
    await proxy.load("kept")
    with pytest.raises(EngineFailed) as failure:
        await proxy.hang()
    assert failure.value.code == "engine.hung"
    assert await proxy.loaded() == "kept"
    assert restarts == ["hung in hang"]
    release.set()
    await proxy.close()
    await owner.close()


async def test_an_engine_can_be_made_by_the_caller_where_it_shares_the_process() -> None:
    owner, engine = TaskOwner("test"), ToyEngine()
    proxy = make_async(Row("loop"), owner=owner, make=lambda: engine)
    await proxy.open()
    await proxy.load("here")
    assert engine.loaded() == "here"
    await proxy.close()


@pytest.mark.parametrize("place", ["audio", "elsewhere"])
def test_an_engine_of_the_audio_thread_has_no_proxy(place: str) -> None:
    with pytest.raises(WrongUsage):
        make_async(Row(place), owner=TaskOwner("test"))


async def test_a_proxy_that_was_never_opened_says_that_it_is_closed() -> None:
    with pytest.raises(EngineFailed):
        await make_async(Row("loop"), owner=TaskOwner("test")).echo(1)
