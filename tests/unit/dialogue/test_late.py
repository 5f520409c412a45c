"""The responder is made in a thread; who needs it waits, and a failure reaches whoever asks."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from vesper.base.errors import BadInput
from vesper.dialogue.late import LateResponder


async def test_who_asks_early_waits_until_it_is_made() -> None:
    made = object()
    late = LateResponder(lambda: cast(Any, made))
    waiting = asyncio.create_task(late.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    await late.open()
    assert await waiting is made
    assert await late.ready() is made


async def test_what_is_made_ahead_is_given_out_only_when_the_storage_is_there() -> None:
    made: list[object] = []
    late = LateResponder(lambda: cast(Any, made.append("once") or made))
    await late.make()
    storage = asyncio.Event()
    opening = asyncio.create_task(late.open(after=asyncio.ensure_future(there(storage))))
    waiting = asyncio.create_task(late.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    storage.set()
    assert await waiting == ["once"]
    await opening


async def there(storage: asyncio.Event) -> None:
    await storage.wait()


async def test_why_it_could_not_be_made_is_raised_for_everyone_who_asks() -> None:
    def damaged() -> Any:
        raise BadInput("language.damaged", "The language file timers.yaml cannot be read.")

    late = LateResponder(damaged)
    await late.open()
    for _ in range(2):
        with pytest.raises(BadInput, match=r"timers\.yaml"):
            await late.ready()
