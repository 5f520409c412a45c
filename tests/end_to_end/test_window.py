"""The window as a person uses it, with mouse and keys on a real display, while the voice loop hears the microphone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.open_window import OpenWindow, open_window
from tests.support.polling import until
from tests.support.rig import Rig
from tests.support.speech import speak


@pytest.fixture
def window(rig: Rig, vesper_home: Path) -> Iterator[OpenWindow]:
    with open_window(rig, vesper_home) as opened:
        yield opened


def test_typing_speaking_muting_and_leaving(window: OpenWindow, rig: Rig) -> None:
    window.type("set a timer for ten minutes")
    until(lambda: " left" in window.program.send("ask", "how much time is left").stdout)

    rig.say(speak("okay nabu"), wait=False)
    window.keys("type", "--delay", "60", "what time is it")  # both at once
    window.keys("key", "Return")
    until(lambda: any(turn["opened_by"] == "wake" for turn in window.turns), 40)

    assert window.has_microphone
    window.keys("key", "ctrl+m")
    until(lambda: not window.has_microphone)
    window.keys("key", "ctrl+m")
    until(lambda: window.has_microphone)

    again = window.program.send("run")
    assert again.returncode == 0, "a second start shows the first one's window"
    assert window.program.process.poll() is None

    window.keys("key", "ctrl+q")
    assert window.program.process.wait(10) == 0
    assert "Traceback" not in window.program.stderr


def test_the_mouse_finds_the_input_and_the_window_takes_what_is_typed(window: OpenWindow, rig: Rig) -> None:
    window.click("Type to Vesper")
    rig.call("xdotool", "type", "set a timer for an hour")
    window.click("Send")
    until(lambda: " left" in window.program.send("ask", "how much time is left").stdout)
    assert window.program.end() < 3
    assert window.program.process.returncode == 0


def test_a_timer_is_paused_resumed_lengthened_and_cancelled_by_mouse(window: OpenWindow) -> None:
    window.type("set a tea timer for ten minutes")
    until(lambda: window.timers)
    before = the_timer(window)
    assert before["name"] == "tea"

    window.click("Pause Tea")
    until(lambda: the_timer(window)["state"] == "paused")
    paused = the_timer(window)["remaining_s"]
    assert 500 < paused <= 600
    until(lambda: window.sees("Tea · paused"))

    window.click("Add a minute to Tea")
    until(lambda: the_timer(window)["remaining_s"] > paused)
    assert the_timer(window)["remaining_s"] == pytest.approx(paused + 60, abs=1)

    window.click("Resume Tea")
    until(lambda: the_timer(window)["state"] == "running")
    assert the_timer(window)["due"] > before["due"]

    window.click("Cancel Tea")
    until(lambda: not window.timers)
    until(lambda: not window.sees("Cancel Tea"))


def test_a_timer_that_rings_is_stopped_by_its_button(window: OpenWindow, rig: Rig) -> None:
    window.type("set a timer for three seconds")
    until(lambda: window.sees("Time is up"))
    assert the_timer(window)["state"] == "ringing"
    with rig.record() as ringing:
        rig.call("sleep", "2")
    assert ringing.loudness > 0.02, "it can be heard"

    window.click("Stop Timer")
    until(lambda: not window.timers)
    until(lambda: not window.sees("Time is up"))
    rig.call("sleep", "1")
    with rig.record() as afterwards:
        rig.call("sleep", "2")
    assert afterwards.loudness < 0.01, "it rings no more"


def the_timer(window: OpenWindow) -> dict[str, Any]:
    [timer] = window.timers
    return timer
