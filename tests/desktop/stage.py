"""The whole window over a scripted assistant in a real core thread, for tests that act in Qt's own loop.

A test written `@on_stage async def test_…(stage, …)` runs as a coroutine of the window: the loop begins and ends
with it, so that nothing is left for the moments between tests.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

import qasync
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.desktop.scripted_assistant import ScriptedAssistant
from vesper.base.clock import Clock
from vesper_desktop.bridge import Bridge
from vesper_desktop.desktop import Desktop
from vesper_desktop.run import make_app
from vesper_desktop.view_state.first_look import WindowPreferences

LONGEST_WAIT_S = 10.0
LONGEST_SCENE_S = 40.0


class LoginSwitch:
    """Starting at login, remembered in a field."""

    def __init__(self) -> None:
        self.on = False

    def is_on(self) -> bool:
        return self.on

    def switch(self, on: bool) -> None:
        self.on = on


class Stage:
    """What a test acts on and looks at; `seen` are the events that reached the window."""

    def __init__(self, app: QApplication, assistant: ScriptedAssistant, clock: Clock, first_run: bool) -> None:
        make_app(WindowPreferences())  # as the program sets it up
        self.bridge = Bridge(app)
        self.assistant = assistant
        self.at_login = LoginSwitch()
        preferences = WindowPreferences(general_first_run_done=not first_run)
        self.desktop = Desktop(app, self.bridge, preferences, clock=clock, at_login=self.at_login)
        self.seen: list[object] = []
        self.bridge.happened.connect(self.seen.append)

    @property
    def main(self) -> Any:
        return self.desktop.main

    def child(self, name: str) -> Any:
        """The control of the main window that bears this name."""
        return named(self.main, name)

    def was_asked(self, name: str, *args: object) -> bool:
        """Whether the assistant was called so."""
        return (name, args) in self.assistant.done


def on_stage(scene: Callable[..., Coroutine[Any, Any, None]], *, first_run: bool = False) -> Callable[..., None]:
    """A test function that plays `scene`; its arguments but `stage` are fixtures."""
    wanted = [name for name in inspect.signature(scene).parameters if name != "stage"]
    fixtures = list(dict.fromkeys(["qapp", "assistant", "clock", *wanted]))

    def test(**given: Any) -> None:
        loop = qasync.QEventLoop(given["qapp"])
        try:
            stage = Stage(given["qapp"], given["assistant"], given["clock"], first_run)
            loop.run_until_complete(_play(stage, scene(stage=stage, **{name: given[name] for name in wanted})))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    test.__name__, test.__doc__, test.__module__ = scene.__name__, scene.__doc__, scene.__module__
    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in fixtures]
    test.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return test


async def _play(stage: Stage, scene: Coroutine[Any, Any, None]) -> None:
    async with asyncio.timeout(LONGEST_SCENE_S):
        stage.desktop.open(is_hidden=False)
        stage.bridge.start_core(lambda: stage.assistant)
        try:
            await until(lambda: stage.bridge.is_connected and stage.assistant.done)
            await scene
        finally:
            stage.desktop.close()
            await stage.bridge.close()
    left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not left, f"tasks left over: {left}"


async def until(is_so: Callable[[], object]) -> None:
    """Wait in Qt's loop until something is so."""
    async with asyncio.timeout(LONGEST_WAIT_S):
        while not is_so():  # noqa: ASYNC110 (what is waited for is any state of the window)
            await asyncio.sleep(0.005)


def named(parent: QObject, name: str) -> Any:
    """The visible control inside `parent` whose accessible name or text is `name`."""
    for widget in parent.findChildren(QWidget):
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if widget.isVisible() and name in (widget.accessibleName(), text):
            return widget
    raise AssertionError(f'nothing called "{name}" can be seen')
