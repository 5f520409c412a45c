"""The child that looks for devices with a PortAudio of its own: a word for a change, and an end with its input."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

import pytest

from vesper.engines.audio_sounddevice import list_devices

READ = os.read


def test_a_changed_list_is_told_with_one_word_until_the_input_ends(monkeypatch, capsys):
    ours, theirs = os.pipe()
    monkeypatch.setattr(list_devices.os, "read", lambda _, count: READ(ours, count))
    lists = iter([["desk"], ["desk"], ["desk", "hall"], ["desk", "hall"], ["desk"]])

    def found() -> list[str]:
        with contextlib.suppress(StopIteration):
            return next(lists)
        os.close(theirs)
        return ["desk"]

    monkeypatch.setattr(list_devices, "found", found)
    monkeypatch.setattr(list_devices.portaudio, "rebuild", lambda: None)
    monkeypatch.setattr(list_devices, "EVERY_S", 0.2)
    list_devices.main()
    os.close(ours)
    assert capsys.readouterr().out.splitlines() == ["devices", "devices"]


def test_it_ends_when_its_input_does():
    command = [sys.executable, "-P", "-m", list_devices.__name__]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(2.0)
    assert child.communicate(timeout=10) == (b"", None)
    assert child.returncode == 0
