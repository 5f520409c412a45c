"""The rig itself: what is said reaches the microphone, what is played is recorded, windows and notices are there."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import psutil
import soundfile

from tests.support.rig import Rig
from tests.support.speech import RATE, speak, write_wav


def test_the_microphone_hears_what_is_said(rig: Rig, tmp_path: Path) -> None:
    heard = tmp_path / "heard.raw"
    command = ["parec", "--device=mic", f"--rate={RATE}", "--channels=1", "--format=float32le", "--latency-msec=30"]
    with heard.open("wb") as file:
        listener = subprocess.Popen(command, env=rig.env, stdout=file)
    rig.say(speak("hello"))
    listener.terminate()
    listener.wait(5)
    samples = np.frombuffer(heard.read_bytes(), np.float32)
    assert np.abs(samples).max() > 0.1
    assert np.sqrt(np.mean(np.square(samples[-RATE // 10 :]))) > 1e-4, "the room behind the sentence is never silent"


def test_what_the_speaker_plays_is_recorded(rig: Rig, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "answer.wav", speak("it is nine o'clock"))
    with rig.record() as recording:
        rig.call("paplay", "--device=speaker", str(path))
    played = soundfile.info(path).duration
    assert recording.loudness > 0.05
    assert played * 0.9 < len(recording.samples) / RATE < played + 3


def test_a_recorder_that_was_held_up_loses_nothing(rig: Rig, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "answer.wav", speak("it is nine o'clock"))
    with rig.record() as recording:
        (recorder,) = (child for child in psutil.Process().children() if child.name() == "parec")
        recorder.suspend()
        going_on = threading.Timer(soundfile.info(path).duration + 2, recorder.resume)
        going_on.start()
        rig.call("paplay", "--device=speaker", str(path))
    going_on.join()
    assert recording.loudness > 0.05


def test_a_recording_of_nothing_is_silent(rig: Rig) -> None:
    with rig.record() as recording:
        pass
    assert recording.loudness < 1e-4


def test_sounddevice_finds_this_sound_card(rig: Rig) -> None:
    code = "import sounddevice as s; print([d['name'] for d in s.query_devices()])"
    assert "default" in rig.call(sys.executable, "-c", code)


def test_the_display_has_a_tray_and_can_be_pictured(rig: Rig, tmp_path: Path) -> None:
    assert rig.screenshot(tmp_path / "screen.png").stat().st_size > 100
    assert rig.call("dunstctl", "count", "displayed") == "0"


def test_a_window_of_qt_opens_and_is_found_by_its_title(rig: Rig) -> None:
    code = (
        "from PySide6.QtWidgets import *; a = QApplication([]); l = QLabel(windowTitle='Harbour'); l.show(); a.exec()"
    )
    window = subprocess.Popen([sys.executable, "-c", code], env=rig.env)
    try:
        assert rig.call("timeout", "30", "xdotool", "search", "--sync", "--onlyvisible", "--name", "^Harbour$")
    finally:
        window.terminate()
        window.wait(10)


def test_this_process_can_be_on_the_rig(on_rig: Rig) -> None:
    heard = subprocess.run(["pactl", "info"], capture_output=True, text=True, timeout=20, check=True).stdout
    assert "Default Source: mic" in heard
    assert "Default Sink: speaker" in heard
