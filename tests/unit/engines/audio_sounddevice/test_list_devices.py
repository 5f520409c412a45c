"""The child that looks for devices with a PortAudio of its own: a line a second, and an end with its reader."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from vesper.engines.audio_sounddevice import list_devices


class Ended(Exception):
    """Breaks the endless look."""


def test_a_changed_list_is_told_with_a_word_and_an_unchanged_one_with_an_empty_line(monkeypatch, capsys):
    lists = iter([["desk"], ["desk"], ["desk", "hall"], ["desk", "hall"]])

    def found() -> list[str]:
        try:
            return next(lists)
        except StopIteration:
            raise Ended from None

    monkeypatch.setattr(list_devices, "found", found)
    monkeypatch.setattr(list_devices.portaudio, "rebuild", lambda: None)
    monkeypatch.setattr(list_devices, "EVERY_S", 0.0)
    with contextlib.suppress(Ended):
        list_devices.main()
    assert capsys.readouterr().out.splitlines() == ["", "devices", ""]


def test_it_ends_with_its_reader():
    child = subprocess.Popen([sys.executable, "-P", "-m", list_devices.__name__], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"\n"
    child.stdout.close()
    assert child.wait(10) == 0
