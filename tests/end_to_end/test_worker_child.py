"""An engine in a real child process: what crosses, what happens when it dies, hangs or prints, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest

from vesper.base.errors import EngineFailed, Missing
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.worker.host import ChildTransport
from vesper.worker.proxy import EngineProxy, make_async

ROOT = Path(__file__).parents[2]
Announce = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    target: str = "tests.support.toy_engine:TalkativeToy"
    name: str = "toy"
    runs: str = "child"


@pytest.fixture(autouse=True)
def _tests_can_be_imported_by_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
async def proxy() -> AsyncIterator[EngineProxy]:
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(Row(), owner=owner)
    await proxy.open()
    yield proxy
    await proxy.close()
    await owner.close()


def process_of(proxy: EngineProxy) -> psutil.Process:
    return psutil.Process(proxy.info["pid"])


async def test_an_engine_that_prints_does_not_garble_its_answers(proxy: EngineProxy) -> None:
    assert proxy.info["pid"] != os.getpid()
    assert await proxy.echo({"a": (1, 2.5, None)}) == {"a": (1, 2.5, None)}


async def test_sound_crosses_both_ways_in_any_size(proxy: EngineProxy) -> None:
    sound = np.random.default_rng(1).normal(size=2_000_000).astype(np.float32)
    assert np.array_equal(await proxy.echo(sound), sound)
    stream = await proxy.start()
    for _ in range(200):
        stream.feed(sound[:160])
    assert await stream.counted() == 32_000


async def test_streams_and_their_end_cross(proxy: EngineProxy) -> None:
    assert [n async for n in proxy.count(500)] == list(range(500))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            async for _ in proxy.count(10**12):
                pass
    assert await proxy.echo("free again") == "free again"


async def test_a_value_that_cannot_cross_is_refused_on_either_side(proxy: EngineProxy, expect_log: Announce) -> None:
    expect_log("engine toy: lock may not cross")
    with pytest.raises(TypeError):
        await proxy.echo(object())
    with pytest.raises(EngineFailed):
        await proxy.odd()
    assert await proxy.echo(1) == 1


async def test_a_crash_fails_who_waits_and_the_next_life_knows_what_this_one_knew(expect_log: Announce) -> None:
    expect_log("engine toy was started again: ended with code -6")
    owner, restarts = TaskOwner("test", told_by_awaiting), list[tuple[str, str]]()
    proxy = make_async(Row(), owner=owner, on_restart=lambda *told: restarts.append(told))
    await proxy.open()
    await proxy.load("a grammar")
    first = proxy.info["pid"]
    with pytest.raises(EngineFailed) as failure:
        await proxy.die()
    assert failure.value.code == "engine.died"
    assert await proxy.loaded() == "a grammar"
    assert proxy.info["pid"] != first
    assert restarts == [("toy", "ended with code -6")]
    await proxy.close()
    await owner.close()


@pytest.mark.parametrize("method", ["hang", "hang_with_the_lock"])
async def test_a_child_that_hangs_is_killed_at_its_deadline(method: str, expect_log: Announce) -> None:
    expect_log(f"hung in {method}")
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(Row(), owner=owner, deadlines={method: 0.2})
    await proxy.open()
    child = process_of(proxy)
    begun = time.monotonic()
    with pytest.raises(EngineFailed) as failure:
        await getattr(proxy, method)()
    assert failure.value.code == "engine.hung"
    assert time.monotonic() - begun < 2.0
    assert await proxy.echo(1) == 1
    assert not child.is_running()
    await proxy.close()
    await owner.close()


async def test_an_idle_child_that_dies_is_replaced_before_anyone_asks(expect_log: Announce) -> None:
    expect_log("ended with code -9")
    owner, restarted = TaskOwner("test", told_by_awaiting), asyncio.Event()
    proxy = make_async(Row(), owner=owner, on_restart=lambda *_: restarted.set())
    await proxy.open()
    process_of(proxy).kill()
    async with asyncio.timeout(20):
        await restarted.wait()
    assert await proxy.echo(1) == 1
    await proxy.close()
    await owner.close()


async def test_what_opening_raises_arrives_and_leaves_no_child() -> None:
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(Row("tests.support.toy_engine:BrokenToy"), owner=owner)
    with pytest.raises(Missing) as failure:
        await proxy.open()
    assert failure.value.hint == "Look under the sofa."
    await owner.close()


async def test_closing_takes_less_than_a_second_even_when_the_engine_hangs() -> None:
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(Row(), owner=owner, deadlines={"hang_with_the_lock": 30})
    await proxy.open()
    child = process_of(proxy)
    hanging = owner.start(proxy.hang_with_the_lock(), "hang")
    await asyncio.sleep(0.05)
    begun = time.monotonic()
    await proxy.close()
    assert time.monotonic() - begun < 1.5  # 1 s, and some for a busy machine
    assert not child.is_running()
    with pytest.raises(EngineFailed):
        await hanging
    await owner.close()


async def test_no_child_outlives_its_owner() -> None:
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(Row(), owner=owner)
    await proxy.open()
    child = process_of(proxy)
    await owner.close()
    child.wait(3)


async def test_ctrl_c_in_a_terminal_is_the_parents_business(proxy: EngineProxy) -> None:
    process_of(proxy).send_signal(signal.SIGINT)
    assert await proxy.echo(1) == 1


async def test_an_idle_child_is_small(proxy: EngineProxy) -> None:
    assert process_of(proxy).memory_full_info().pss < 40e6


async def test_posts_to_a_child_that_does_not_read_are_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vesper.worker.host.MOST_UNSENT", 1_000_000)
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(Row(), owner=owner)
    await proxy.open()
    stream = await proxy.start()
    child = process_of(proxy)
    child.suspend()
    for _ in range(100):
        stream.feed(np.zeros(100_000, np.float32))
    line = proxy._supervisor.line
    assert line is not None
    assert isinstance(line.transport, ChildTransport)
    assert line.transport.dropped > 50
    child.resume()
    assert await stream.counted() > 0
    await proxy.close()
    await owner.close()


PARENT = """
import asyncio, sys
from vesper.base.tasks import TaskOwner
from vesper.worker.proxy import make_async
from tests.end_to_end.test_worker_child import Row

async def main():
    proxy = make_async(Row(), owner=TaskOwner("parent"))
    await proxy.open()
    print(proxy.info["pid"], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_the_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(3)
