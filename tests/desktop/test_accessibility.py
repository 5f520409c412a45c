"""Every window by keyboard and screen reader: Tab reaches each control, in reading order, and each has a name."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QListView, QWidget

from tests.desktop.stage import Stage, named, on_stage, until
from vesper.base import events
from vesper.base.clock import VirtualClock
from vesper_desktop.windows.settings import SettingRow

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QListView)


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def tab_round(window: QWidget) -> list[QWidget]:
    """Where Tab leads, once around, from the control that is first in the window."""
    start = window.focusWidget() or window
    QTest.keyClick(start, Qt.Key.Key_Tab)
    first = window.focusWidget()
    reached = [first]
    while True:
        QTest.keyClick(reached[-1], Qt.Key.Key_Tab)
        if window.focusWidget() is first:
            break
        reached.append(window.focusWidget())
        assert len(reached) < 200, "Tab never comes back to where it began"
    top = min(
        range(len(reached)),
        key=lambda place: (place_of(reached[place], window).top(), place_of(reached[place], window).left()),
    )
    return reached[top:] + reached[:top]


def place_of(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def to_be_reached(window: QWidget) -> set[QWidget]:
    """Everything a mouse could use; parts of a control (the line of a spin box) belong to it."""
    return {
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and widget.isVisible()
        and widget.isEnabled()
        and not isinstance(widget.parentWidget(), CONTROLS)
        and widget.window() is window
    }


def names(window: QWidget) -> set[str]:
    return {name_of(widget) for widget in to_be_reached(window)}


def check(window: QWidget) -> None:
    """The window can be used without a mouse and without eyes."""
    reached = tab_round(window)
    assert [type(widget).__name__ for widget in reached if not name_of(widget).strip()] == [], "without a name"
    missed = to_be_reached(window) - set(reached)
    assert {name_of(widget) for widget in missed} == set(), "Tab passes them by"
    for one, other in pairwise(reached):
        before, after = place_of(one, window), place_of(other, window)
        is_in_line = after.left() >= before.right() and after.bottom() > before.top()
        is_below = after.top() >= before.bottom() - 2
        assert is_in_line or is_below, f'"{name_of(other)}" comes after "{name_of(one)}", but stands before it'


@on_stage
async def test_the_main_window_with_all_it_can_show(stage: Stage, clock: VirtualClock) -> None:
    check(stage.main)
    stage.bridge.tell(events.AnswerText(turn="1", text="It is ten past nine."))
    due = (clock.now() + timedelta(minutes=5)).isoformat()
    rows = [{"id": name, "name": name, "state": state, "due": due} for name, state in STATES]
    stage.bridge.tell(events.TimersChanged(timers=tuple(rows[:1])))
    stage.bridge.tell(events.TimersChanged(timers=tuple(rows)))
    stage.bridge.tell(events.Problem(code="microphone.busy", sentence="Another program uses it.", hint="Close it."))
    stage.main.offer_login_start()
    named(stage.main, "Type to Vesper").setText("so that it can be sent")
    await until(lambda: "Stop Pasta" in names(stage.main))
    check(stage.main)


STATES = (("tea", "running"), ("pasta", "ringing"), ("eggs", "paused"))


@on_stage
async def test_the_settings(stage: Stage) -> None:
    stage.desktop.show_settings()
    window = stage.desktop.settings
    await until(lambda: len(window.findChildren(SettingRow)) > 15)
    await until(lambda: "“hey mycroft”" in names(window))
    named(window, "“hey jarvis”").click()
    check(window)


@partial(on_stage, first_run=True)
async def test_the_first_check_at_each_step(stage: Stage) -> None:
    window = stage.desktop.welcome
    for button in ("Continue", "Continue", "Done"):
        check(window)
        named(window, button).click()
    assert not window.isVisible()


@on_stage
async def test_the_list_of_keys_and_the_notice_of_the_tray(stage: Stage) -> None:
    stage.desktop.show_keys()
    check(stage.desktop.keys)
    stage.desktop.keys.close()
    stage.desktop._explain_leaving()
    check(stage.desktop.leaving)
    stage.desktop.leaving.reject()


@on_stage
async def test_the_orb_says_its_state_and_what_it_is_for(stage: Stage) -> None:
    orb = named(stage.main, "Listening for “okay nabu”")
    stage.bridge.tell(events.SpeechStarted())
    assert name_of(orb) == "Hearing you"
    told = QAccessible.queryAccessibleInterface(orb).text(QAccessible.Text.Description)
    assert told == "Press to talk, or hold while you speak."
