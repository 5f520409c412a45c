"""Devices are watched in a thread: the child that tells is ended with it and started again, else cards are read."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from vesper.engines.audio_sounddevice import device_watch
from vesper.engines.audio_sounddevice.device_watch import DeviceWatch
from vesper.engines.audio_sounddevice.sound_server import ServerState, SoundServer
from vesper.ports.audio import DeviceInfo

DESK = DeviceInfo("Desk", "input", 48_000)


class Server(SoundServer):
    """A sound server whose devices are set by hand; None is none."""

    def __init__(self, *devices: DeviceInfo) -> None:
        super().__init__()
        self.state: ServerState | None = ServerState(devices)

    def look(self) -> ServerState | None:
        return self.state


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pactl` that tells the lines that are written into a file, until the file is gone."""
    told = tmp_path / "told"
    told.touch()
    tool = tmp_path / "pactl"
    tool.write_text(f'#!/bin/sh\nexec tail -n +1 -f "{told}"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(device_watch, "_CONNECTED_S", 0.0)
    return told


@pytest.fixture
def watched() -> Iterator[Callable[[SoundServer], threading.Event]]:
    watches: list[DeviceWatch] = []

    def watch(server: SoundServer) -> threading.Event:
        changed = threading.Event()
        watches.append(DeviceWatch(server, changed.set))
        watches[-1].start()
        return changed

    yield watch
    for made in watches:
        made.close()


def tell(child: Path, line: str) -> None:
    with child.open("a") as file:
        file.write(line + "\n")


def test_a_change_is_told_and_what_changes_nothing_is_not(child, watched):
    server = Server()
    changed = watched(server)
    tell(child, "Event 'change' on source #1")
    assert not changed.wait(0.5)
    server.state = ServerState((DESK,))
    tell(child, "Event 'new' on source-output #1")
    assert not changed.wait(0.5), "streams are no devices"
    tell(child, "Event 'new' on source #2")
    assert changed.wait(5)


def test_what_changes_before_the_child_is_connected_is_told_too(child, watched, monkeypatch):
    monkeypatch.setattr(device_watch, "_CONNECTED_S", 1.0)
    server = Server()
    changed = watched(server)
    assert not changed.wait(0.3)
    server.state = ServerState((DESK,))
    assert changed.wait(5)


def test_a_child_that_has_ended_is_a_reason_to_look_and_is_started_again(child, watched, monkeypatch):
    monkeypatch.setattr(device_watch, "_RETRY_S", (0.05,))
    server = Server(DESK)
    changed = watched(server)
    for state in (None, ServerState(())):
        teller = until(telling)
        server.state = state
        teller.kill()
        assert changed.wait(5)
        changed.clear()
        until(lambda before=teller: telling() not in (None, before))


def telling() -> psutil.Process | None:
    """The process that stands for `pactl`."""
    return next((made for made in psutil.Process().children(recursive=True) if made.name() == "tail"), None)


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 5
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def test_where_the_system_does_not_tell_the_word_of_the_lister_is_enough(tmp_path, watched, monkeypatch):
    lister = tmp_path / "lister"
    lister.write_text("#!/bin/sh\necho\nsleep 0.2\necho devices\nexec cat\n")
    lister.chmod(0o755)
    monkeypatch.setattr(device_watch, "_LISTER", (str(lister),))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(device_watch.shutil, "which", lambda name: None)
    server = Server()
    server.state = None
    assert watched(server).wait(5)


def test_without_a_sound_server_the_kernels_cards_are_read(tmp_path, watched, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    cards = tmp_path / "cards"
    cards.write_text("0 [PCH]: HDA-Intel\n")
    monkeypatch.setattr(device_watch, "_CARDS", (cards,))
    monkeypatch.setattr(device_watch, "_CARDS_EVERY_S", 0.05)
    monkeypatch.setattr(sys, "platform", "linux")
    server = Server()
    server.state = None
    changed = watched(server)
    assert not changed.wait(0.3)
    cards.write_text("0 [PCH]: HDA-Intel\n1 [Yeti]: USB-Audio\n")
    assert changed.wait(5)
