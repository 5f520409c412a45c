"""Whatever is said, pressed and lost in whatever order: every turn ends exactly once, and Vesper answers afterwards."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.voice_stage import Stage, stage
from vesper.base.events import TurnFinished

SAID = ("okay nabu", "okay nabu what time is it", "okay nabu what can you do", "set a timer for", "stop", "bla bla bla")
DONE = ("talk", "talk_start", "talk_stop", "toggle", "stop", "unplug", "plug")
STEPS = st.lists(st.tuples(st.sampled_from(SAID + DONE), st.floats(0.0, 2.5)), min_size=1, max_size=6)


async def do(on_stage: Stage, what: str) -> None:
    if what in SAID:
        on_stage.devices.say(what)
    elif what in ("unplug", "plug"):
        getattr(on_stage.devices, what)()
    else:
        await on_stage.assistant.calls[what]()


async def play(script: list[tuple[str, float]], home: Path) -> None:
    async with stage(home, settings={"listening.longest_s": 3.0, "listening.follow_up_s": 2.0}) as on_stage:
        for what, then_s in script:
            await do(on_stage, what)
            await on_stage.run(then_s)
        on_stage.devices.plug()
        await on_stage.run(25.0)
        assert on_stage.voice.is_idle
        before = len(on_stage.all(TurnFinished))
        on_stage.devices.say("okay nabu what time is it")
        assert (await on_stage.until(TurnFinished, count=before + 1)).outcome == "answered"
        finished = Counter(event.turn for event in on_stage.all(TurnFinished))
        assert set(finished.values()) == {1}
        assert {event.turn for event in on_stage.events} - {None} == set(finished)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_every_turn_of_any_script_ends_exactly_once(script: list[tuple[str, float]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(play(script, Path(home)))
