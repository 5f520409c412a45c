"""The tray icon in a real panel: its menu does what it says, and closing the window keeps tray and ears."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.open_window import OpenWindow, open_window
from tests.support.polling import until
from tests.support.rig import Rig
from tests.support.speech import speak
from vesper_desktop.actions import ACTIONS

ENTRIES = [info.id for info in ACTIONS if info.in_tray]
ICON = re.compile(r'"Vesper": \("vesper" "vesper"\)  (?P<side>\d\d)x(?P=side)\S*\s+\+(?P<x>\d+)\+(?P<y>\d+)')


@pytest.fixture
def window(rig: Rig, vesper_home: Path) -> Iterator[OpenWindow]:
    with open_window(rig, vesper_home) as opened:
        yield opened


def icon(rig: Rig) -> tuple[str, str]:
    """The middle of the icon in the panel."""
    until(lambda: ICON.search(rig.call("xwininfo", "-root", "-tree")), 20)
    found = ICON.search(rig.call("xwininfo", "-root", "-tree"))
    assert found is not None
    half = int(found["side"]) // 2
    return str(int(found["x"]) + half), str(int(found["y"]) + half)


def choose(window: OpenWindow, rig: Rig, entry: str) -> None:
    """Open the icon's menu and click on an entry of it."""
    known = windows(rig)
    window.click_at(*icon(rig), button="3")
    until(lambda: windows(rig) - known)
    menu = (windows(rig) - known).pop()
    lines = rig.call("xdotool", "getwindowgeometry", "--shell", menu).splitlines()
    place = {name: int(value) for name, value in (line.split("=") for line in lines)}
    row = (ENTRIES.index(entry) + 0.5) / len(ENTRIES)
    window.click_at(str(place["X"] + place["WIDTH"] // 3), str(place["Y"] + round(place["HEIGHT"] * row)))
    until(lambda: menu not in windows(rig))


def windows(rig: Rig) -> set[str]:
    return set(rig.call("sh", "-c", "xdotool search --onlyvisible --class vesper || true").split())


def close_to_tray(window: OpenWindow) -> None:
    window.keys("key", "ctrl+w")
    window.click("Close to tray")  # said once: Vesper goes on listening there
    until(lambda: not window.is_open)


def test_the_menu_talks_mutes_opens_and_quits(window: OpenWindow, rig: Rig) -> None:
    close_to_tray(window)
    choose(window, rig, "mute")
    until(lambda: not window.has_microphone)
    choose(window, rig, "mute")
    until(lambda: window.has_microphone)

    choose(window, rig, "talk")
    rig.say(speak("what time is it"), wait=False)
    until(lambda: any(turn["opened_by"] == "talk" for turn in window.turns))

    choose(window, rig, "open")
    until(lambda: window.is_open)
    choose(window, rig, "quit")
    assert window.program.process.wait(10) == 0
    assert "Traceback" not in window.program.stderr


def test_without_its_window_vesper_hears_and_a_click_on_the_icon_brings_it_back(window: OpenWindow, rig: Rig) -> None:
    close_to_tray(window)
    rig.say(speak("okay nabu"), wait=False)
    until(lambda: any(turn["opened_by"] == "wake" for turn in window.turns))
    window.click_at(*icon(rig))
    until(lambda: window.is_open)
    window.keys("key", "ctrl+w")
    until(lambda: not window.is_open)  # explained once is enough


def test_without_a_tray_the_closed_window_stays_in_the_task_bar(rig: Rig, vesper_home: Path) -> None:
    with rig.without_tray(), open_window(rig, vesper_home) as window:
        window.keys("key", "ctrl+w")
        until(lambda: not window.is_open)
        assert state_of(rig) == "Iconic", "minimised, not hidden: the task bar leads back"
        assert window.program.process.poll() is None
        assert window.program.send("run").returncode == 0
        until(lambda: window.is_open)


def test_a_hidden_start_without_a_tray_is_found_in_the_task_bar(rig: Rig, vesper_home: Path) -> None:
    with rig.without_tray(), open_window(rig, vesper_home, "--hidden"):
        until(lambda: state_of(rig) == "Iconic")


def state_of(rig: Rig) -> str:
    """What the window manager says of Vesper's window: Normal, Iconic, or "" for none."""
    for window in rig.call("sh", "-c", "xdotool search --name '^Vesper$' || true").split():
        told = rig.call("xprop", "-id", window, "WM_STATE")
        if found := re.search(r"window state: (\w+)", told):
            return found[1]
    return ""
