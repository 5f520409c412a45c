"""The window as a person uses it, with mouse and keys on a real display, while the voice loop hears the microphone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.rig import Rig
from tests.support.running import START_S, RunningVesper, running, vesper
from tests.support.speech import speak

WINDOW = "^Vesper$"


@pytest.fixture
def window(rig: Rig, vesper_home: Path) -> Iterator[RunningVesper]:
    """A Vesper with its window open and its core listening, after the first-run check."""
    assert vesper("settings", "set", "general.first_run_done", "true", home=vesper_home, env=rig.env).returncode == 0
    with running("run", home=vesper_home, env=rig.env) as opened:
        until((vesper_home / "control.sock").exists, START_S)
        rig.call("timeout", "20", "xdotool", "search", "--sync", "--onlyvisible", "--name", WINDOW, timeout_s=25)
        yield opened


def until(is_so: Callable[[], object], within: float = 40.0) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


def keys(rig: Rig, *words: str) -> None:
    """Keys pressed in Vesper's window."""
    found = rig.call("xdotool", "search", "--onlyvisible", "--name", WINDOW).split()[0]
    rig.call("xdotool", "windowactivate", "--sync", found, *words)


def turns(opened: RunningVesper) -> list[dict[str, Any]]:
    return json.loads(opened.send("turns", "--json").stdout)["turns"]


def has_microphone(rig: Rig) -> bool:
    return "protocol-native" in rig.call("pactl", "list", "short", "source-outputs")


def test_typing_speaking_muting_and_leaving(window: RunningVesper, rig: Rig) -> None:
    keys(rig, "key", "ctrl+l", "type", "set a timer for ten minutes")
    keys(rig, "key", "Return")
    until(lambda: " left" in window.send("ask", "how much time is left").stdout)

    rig.say(speak("okay nabu"), wait=False)
    keys(rig, "type", "--delay", "60", "what time is it")  # both at once
    keys(rig, "key", "Return")
    until(lambda: any(turn["opened_by"] == "wake" for turn in turns(window)), 40)

    assert has_microphone(rig)
    keys(rig, "key", "ctrl+m")
    until(lambda: not has_microphone(rig))
    keys(rig, "key", "ctrl+m")
    until(lambda: has_microphone(rig))

    again = window.send("run")
    assert again.returncode == 0, "a second start shows the first one's window"
    assert window.process.poll() is None

    keys(rig, "key", "ctrl+q")
    assert window.process.wait(10) == 0
    assert "Traceback" not in window.stderr


def test_the_mouse_finds_the_input_and_the_window_takes_what_is_typed(window: RunningVesper, rig: Rig) -> None:
    found = rig.call("xdotool", "search", "--onlyvisible", "--name", WINDOW).split()[0]
    size = dict(line.split("=") for line in rig.call("xdotool", "getwindowgeometry", "--shell", found).splitlines())
    x, y = int(size["WIDTH"]) // 2, int(size["HEIGHT"]) - 35
    rig.call("xdotool", "mousemove", "--window", found, str(x), str(y), "click", "1", "type", "set a timer for an hour")
    rig.call("xdotool", "key", "Return")
    until(lambda: " left" in window.send("ask", "how much time is left").stdout)
    assert window.end() < 3
    assert window.process.returncode == 0
