"""The whole Vesper with its window, on scripted engines, from the first paint until the core is ready; then it ends.

Prints one JSON object: what the pulse in Qt's thread has shown meanwhile.
"""

from __future__ import annotations

import gc
import json
import sys
from typing import Any

from PySide6.QtCore import QTimer

from tests.desktop.heartbeat import Heartbeat
from vesper.base.events import Event
from vesper.base.paths import user_paths
from vesper_desktop import interpreter, run
from vesper_desktop.bridge import Bridge
from vesper_desktop.view_state.conversation import CoreReady

LATEST_END_MS = 40_000


def make() -> Any:
    """An assistant to whom nobody speaks; imported in the core's thread, as the program does."""
    from vesper.assembly import Sound, assemble
    from vesper.base.clock import SystemClock
    from vesper.engines.scripted import SCRIPTED
    from vesper.engines.scripted.devices import ScriptedDevices

    clock = SystemClock()
    return assemble(user_paths(), clock, Sound(devices=ScriptedDevices([], clock)), engines=SCRIPTED)


class NoServer:
    """Stands in for the control socket."""

    async def start(self) -> None:
        """Nobody calls."""

    async def close(self) -> None:
        """Nothing to end."""


class WatchedBridge(Bridge):
    """Feels the pulse from the loop's first turn until the core is ready, and ends the program then."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.pulse = Heartbeat(bound_ms=float("inf"), parent=self)
        self.happened.connect(self._told)
        QTimer.singleShot(0, self, self.pulse.__enter__)
        QTimer.singleShot(LATEST_END_MS, self, self.quit)

    def _told(self, event: Event) -> None:
        if isinstance(event, CoreReady):
            self.pulse.__exit__(None, None, None)
            found = {"within_50_ms": self.pulse.share_within(50), "longest_ms": max(self.pulse.held_ms)}
            collects = gc.isenabled()
            interpreter.collect_again()
            print(json.dumps({**found, "collected": collects, "collects": gc.isenabled()}))  # noqa: T201
            self.quit()


if __name__ == "__main__":
    paths = user_paths()
    paths.make()
    run.Bridge = WatchedBridge  # type: ignore[misc]
    sys.exit(run.run_desktop(make, lambda _: NoServer(), paths))
