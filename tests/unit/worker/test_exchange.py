"""Requests that wait for an answer, and the watchdog over the oldest of them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from vesper.base.errors import EngineFailed, Missing
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.worker.exchange import Exchange, request_to
from vesper.worker.messages import ENGINE, Reply, Request

LONG, SHORT = 60.0, 0.03


class Desk:
    """An exchange whose other side is this test."""

    def __init__(self) -> None:
        self.sent: list[Request] = []
        self.hung: list[str] = []
        self.exchange = Exchange(self.sent.append, self.hung.append)
        self.owner = TaskOwner("test", told_by_awaiting)

    def call(self, method: str, deadline_s: float = LONG) -> asyncio.Task[Reply]:
        return self.owner.start(self.exchange.call(request_to("call", ENGINE, method), deadline_s), method)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_replies_reach_whoever_asked_in_whatever_order_they_come() -> None:
    desk = Desk()
    first, second = desk.call("first"), desk.call("second")
    await settle()
    desk.exchange.take(Reply(desk.sent[1].id, "result", 2))
    desk.exchange.take(Reply(desk.sent[0].id, "result", 1))
    assert ((await first).value, (await second).value) == (1, 2)
    assert not desk.exchange.is_waiting


async def test_an_error_is_raised_for_the_caller() -> None:
    desk = Desk()
    asking = desk.call("ask")
    await settle()
    desk.exchange.take(Reply(desk.sent[0].id, "error", Missing("a.code", "Gone.")))
    with pytest.raises(Missing):
        await asking


async def test_a_caller_who_leaves_withdraws_the_request_and_a_late_reply_is_dropped() -> None:
    desk = Desk()
    asking = desk.call("ask")
    await settle()
    asking.cancel()
    await settle()
    assert [request.do for request in desk.sent] == ["call", "cancel"]
    assert desk.sent[1].id == desk.sent[0].id
    desk.exchange.take(Reply(desk.sent[0].id, "result", 1))
    assert not desk.exchange.is_waiting


async def test_a_stream_that_is_left_early_is_cancelled_on_the_other_side() -> None:
    desk = Desk()
    async with aclosing(desk.exchange.stream(request_to("stream", ENGINE, "count"), LONG)) as items:
        reading = desk.owner.start(anext(items), "read")
        await settle()
        desk.exchange.take(Reply(desk.sent[0].id, "item", "a"))
        assert await reading == "a"
    assert desk.sent[-1] == Request(desk.sent[0].id, "cancel")


async def test_a_stream_that_ended_is_not_cancelled() -> None:
    desk = Desk()
    items = desk.exchange.stream(request_to("stream", ENGINE, "count"), LONG)
    reading = desk.owner.start(anext(items, "over"), "read")
    await settle()
    desk.exchange.take(Reply(desk.sent[0].id, "end"))
    assert await reading == "over"
    assert [request.do for request in desk.sent] == ["stream"]


async def test_everybody_who_waits_learns_of_a_failure() -> None:
    desk = Desk()
    asking = [desk.call("one"), desk.call("two")]
    await settle()
    desk.exchange.fail(EngineFailed("engine.died", "It died."))
    for task in asking:
        with pytest.raises(EngineFailed):
            await task


async def test_a_request_without_an_answer_is_reported_as_hung() -> None:
    desk = Desk()
    asking = desk.call("ask", SHORT)
    await asyncio.sleep(SHORT * 2)
    assert desk.hung == ["ask"]
    asking.cancel()
    await desk.owner.close()


async def test_the_clock_of_a_request_starts_when_everything_before_it_is_answered() -> None:
    desk = Desk()
    long, short = desk.call("long", LONG), desk.call("short", SHORT)
    await settle()
    await asyncio.sleep(SHORT * 2)
    assert desk.hung == []
    desk.exchange.take(Reply(desk.sent[0].id, "result"))
    await asyncio.sleep(SHORT * 2)
    assert desk.hung == ["short"]
    short.cancel()
    await long
    await desk.owner.close()


async def test_every_item_gives_a_stream_its_time_anew() -> None:
    desk = Desk()
    items = desk.exchange.stream(request_to("stream", ENGINE, "speak"), SHORT * 2)
    for number in range(4):
        reading = desk.owner.start(anext(items), "read")
        await asyncio.sleep(SHORT)
        desk.exchange.take(Reply(desk.sent[0].id, "item", number))
        assert await reading == number
    assert desk.hung == []
    await items.aclose()
