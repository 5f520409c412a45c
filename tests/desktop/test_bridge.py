"""The crossing between the two loops."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from PySide6.QtWidgets import QApplication

from tests.desktop.scripted_assistant import ScriptedAssistant
from tests.desktop.stage import Stage, on_stage, until
from vesper.base import events
from vesper.base.errors import Missing, WrongUsage
from vesper_desktop.assistant_port import AssistantPort
from vesper_desktop.bridge import Bridge
from vesper_desktop.view_state.conversation import CoreReady


@on_stage
async def test_events_reach_the_windows_thread(stage: Stage) -> None:
    threads: list[threading.Thread] = []
    stage.bridge.happened.connect(lambda _: threads.append(threading.current_thread()))
    stage.bridge.send(AssistantPort.mute, True)
    await until(lambda: threads)
    assert set(threads) == {threading.main_thread()}


@on_stage
async def test_the_assistant_is_called_in_its_own_thread_and_its_answer_awaited(stage: Stage) -> None:
    async def where(_: Any) -> str:
        return threading.current_thread().name

    stage.assistant.where = where.__get__(stage.assistant)  # type: ignore[attr-defined]
    assert await stage.bridge.ask(where) == "vesper-core"


@on_stage
async def test_a_failed_call_becomes_a_problem(stage: Stage) -> None:
    stage.bridge.send(AssistantPort.set_setting, "voice.rate", "loud")
    await until(lambda: any(isinstance(event, events.Problem) for event in stage.seen))
    problem = next(event for event in stage.seen if isinstance(event, events.Problem))
    assert problem.code == "settings.value"


@on_stage
async def test_an_awaited_failure_is_the_callers(stage: Stage) -> None:
    try:
        await stage.bridge.ask(AssistantPort.set_setting, "no.such", 1)
    except WrongUsage:
        return
    raise AssertionError("nothing was raised")


@on_stage
async def test_levels_come_thirty_a_second_at_most_and_other_events_in_order(stage: Stage) -> None:
    def flood() -> None:
        for number in range(300):
            stage.assistant.bus.publish(events.LevelChanged(dbfs=-number / 10))
        stage.assistant.bus.publish(events.SpeechStarted(turn="end"))

    async def flooded(_: Any) -> None:
        flood()

    stage.assistant.flooded = flooded.__get__(stage.assistant)  # type: ignore[attr-defined]
    await stage.bridge.ask(flooded)
    await until(lambda: any(isinstance(event, events.SpeechStarted) for event in stage.seen))
    levels = [event.dbfs for event in stage.seen if isinstance(event, events.LevelChanged)]
    assert len(levels) <= 2
    assert levels[-1] == -29.9


@on_stage
async def test_a_frozen_window_does_not_stop_the_core(stage: Stage) -> None:
    beats: list[float] = []

    async def beat(_: Any) -> None:
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.01)

    stage.assistant.beat = beat.__get__(stage.assistant)  # type: ignore[attr-defined]
    stage.bridge.send(beat)
    await until(lambda: beats)
    began = len(beats)
    threading.Event().wait(0.3)  # the window's thread does nothing else
    assert len(beats) - began > 10


def test_an_assistant_that_cannot_start_is_told_and_refuses_calls(
    qapp: QApplication, assistant: ScriptedAssistant
) -> None:
    import qasync

    assistant.fails_at_start = Missing("engine.missing", "The recogniser is not installed.", "Run the setup.")
    bridge, seen = Bridge(), []
    bridge.happened.connect(seen.append)

    async def scene() -> None:
        bridge.start_core(lambda: assistant)
        await until(lambda: seen)
        assert seen[0].code == "engine.missing"
        assert not any(isinstance(event, CoreReady) for event in seen)
        bridge.send(AssistantPort.ask, "hello")
        await until(lambda: len(seen) == 2)
        assert seen[1].code == "core.not_running"
        await bridge.close()

    loop = qasync.QEventLoop(qapp)
    qapp.setQuitOnLastWindowClosed(False)
    try:
        loop.run_until_complete(scene())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    assert ("close", ()) in assistant.done
