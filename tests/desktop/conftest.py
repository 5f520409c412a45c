"""Window tests: Qt without a screen, scripted assistants, and no window left open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.desktop.scripted_assistant import ScriptedAssistant
from vesper.base.clock import VirtualClock
from vesper_desktop.bridge import Bridge
from vesper_desktop.desktop import Desktop
from vesper_desktop.theme import Theme


@pytest.fixture(autouse=True)
def _no_leftover_widgets(qapp: QApplication) -> Iterator[None]:
    before = set(map(id, qapp.topLevelWidgets()))
    yield
    for child in qapp.children():
        if isinstance(child, Theme | Desktop | Bridge):
            child.deleteLater()
    sweep()
    left = [widget for widget in qapp.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    assert not left, f"windows left open: {left}"


def sweep() -> None:
    """Let Qt delete what was to be deleted later, and Python the rest, here in Qt's thread."""
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def assistant(vesper_home: Path) -> ScriptedAssistant:
    vesper_home.mkdir(parents=True, exist_ok=True)
    return ScriptedAssistant(vesper_home, {"what time is it": "It is ten past nine."})
