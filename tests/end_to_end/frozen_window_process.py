"""The whole Vesper with its window, on scripted engines; as soon as it listens, Qt's thread stands still for a while.

Prints what happens where, one JSON pair a line: ["core wake.heard", seconds since the start].
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from vesper.assembly import Sound, assemble
from vesper.base.clock import SystemClock
from vesper.base.events import Event
from vesper.base.paths import user_paths
from vesper.engines.scripted import SCRIPTED
from vesper.engines.scripted.devices import ScriptedDevices
from vesper_desktop import run
from vesper_desktop.bridge import Bridge

FREEZE_S = 5.0
WAKE_AT_S = 2.0
LATEST_END_MS = 30_000
_start = time.monotonic()
_telling = threading.Lock()


def tell(what: str) -> None:
    """One line about what has just happened; whole, whichever thread tells it."""
    with _telling:
        print(json.dumps([what, time.monotonic() - _start]), flush=True)  # noqa: T201


class Core(QObject):
    """Makes the assistant in the core's thread; once it listens, the window's thread is frozen."""

    listens = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.listens.connect(self.freeze, Qt.ConnectionType.QueuedConnection)

    def make(self) -> Any:
        """An assistant to whom the wake phrase is said once; what happens in the core is told at once."""
        clock = SystemClock()
        devices = ScriptedDevices([(WAKE_AT_S, "okay nabu")], clock)
        assistant = assemble(user_paths(), clock, Sound(devices=devices), engines=SCRIPTED)
        publish = assistant.bus.publish

        def told(event: Event) -> Event:
            tell(f"core {event.name}")
            if event.name == "listening.armed":
                self.listens.emit()
            return publish(event)

        assistant.bus.publish = told  # type: ignore[method-assign,assignment]
        return assistant

    @Slot()
    def freeze(self) -> None:
        """What a hanging dialog or a slow disk does to a window; in Qt's thread."""
        tell("frozen")
        time.sleep(FREEZE_S)
        tell("thawed")


class NoServer:
    """Stands in for the control socket."""

    async def start(self) -> None:
        """Nobody calls."""

    async def close(self) -> None:
        """Nothing to end."""


class WatchedBridge(Bridge):
    """Tells when an event reaches the window's thread, and ends the program with the first wake phrase."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.happened.connect(self._told)
        QTimer.singleShot(LATEST_END_MS, self, self.quit)

    def _told(self, event: Event) -> None:
        tell(f"window {event.name}")
        if event.name == "wake.heard":
            self.quit()


if __name__ == "__main__":
    paths = user_paths()
    paths.make()
    core = Core()
    run.Bridge = WatchedBridge  # type: ignore[misc]
    sys.exit(run.run_desktop(core.make, lambda _: NoServer(), paths))
