"""Vesper's window on the rig, used as a person uses it: by mouse and keys, each control found by what it is called."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.accessible import Control, controls
from tests.support.polling import until
from tests.support.rig import Rig
from tests.support.running import START_S, RunningVesper, running, vesper
from vesper.base.paths import user_paths
from vesper.control import connect

TITLE = "^Vesper$"


class OpenWindow:
    """The window of a running Vesper (`program`)."""

    def __init__(self, rig: Rig, program: RunningVesper) -> None:
        self.program = program
        self._rig = rig

    @property
    def is_open(self) -> bool:
        """Whether the window is on the display, neither hidden nor minimised."""
        found = self._rig.call("sh", "-c", f"xdotool search --onlyvisible --name '{TITLE}' || true").split()
        return any(self._width(window) > 100 for window in found)  # the icon in the tray bears the same name

    @property
    def timers(self) -> list[dict[str, Any]]:
        """The timers as the core has them."""
        client = connect(user_paths(self.program.home))
        assert client is not None
        try:
            return client.call("timers")
        finally:
            client.close()

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The traces of the turns so far."""
        return json.loads(self.program.send("turns", "--json").stdout)["turns"]

    @property
    def has_microphone(self) -> bool:
        """Whether the sound server sees a program that records."""
        return "protocol-native" in self._rig.call("pactl", "list", "short", "source-outputs")

    def keys(self, *words: str) -> None:
        """Keys pressed in the window, as words for xdotool."""
        found = self._rig.call("xdotool", "search", "--onlyvisible", "--name", TITLE).split()
        window = max(found, key=self._width)
        self._rig.call("xdotool", "windowactivate", "--sync", window, *words)

    def type(self, text: str) -> None:
        """A sentence typed and sent."""
        self.keys("key", "ctrl+l", "type", "--delay", "20", text)
        self.keys("key", "Return")

    def sees(self, name: str) -> Control | None:
        """What can be seen under this name."""
        return next((control for control in controls(self._rig.env) if control.name == name), None)

    def click(self, name: str) -> None:
        """A click on what is called so, as soon as it is there."""
        until(lambda: self.sees(name))
        self.click_at(*(self.sees(name) or self._gone(name)).centre)

    def click_at(self, x: str, y: str, button: str = "1") -> None:
        """A click on a place of the display."""
        self._rig.call("xdotool", "mousemove", x, y, "click", button)

    def _width(self, window: str) -> int:
        lines = self._rig.call("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        return int(dict(line.split("=") for line in lines)["WIDTH"])

    @staticmethod
    def _gone(name: str) -> Control:
        raise AssertionError(f'"{name}" has gone again')


@contextlib.contextmanager
def open_window(rig: Rig, home: Path, *words: str) -> Iterator[OpenWindow]:
    """A Vesper that listens, after the first-run check; with its window unless `words` say `--hidden`."""
    assert vesper("settings", "set", "general.first_run_done", "true", home=home, env=rig.env).returncode == 0
    with running("run", *words, home=home, env=rig.env) as program:
        until((home / "control.sock").exists, START_S)
        window = OpenWindow(rig, program)
        if not words:
            until(lambda: window.is_open)
        yield window
