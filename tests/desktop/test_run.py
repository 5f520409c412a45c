"""The program's life in a process of its own: what is imported before the first paint, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

PROGRAM = """
import sys
from pathlib import Path
from tests.desktop.scripted_assistant import ScriptedAssistant  # its imports are taken off the list below
HEAVY = ("numpy", "onnxruntime", "sqlmodel", "pocketsphinx", "vesper.assembly")
from vesper.base.paths import user_paths
from vesper_desktop.run import run_desktop

class Server:
    async def start(self): print("ready", flush=True)
    async def close(self): print("closed", flush=True)

paths = user_paths()
paths.make()
def make():
    print("imported", [name for name in HEAVY if name in sys.modules], flush=True)
    return ScriptedAssistant(paths.data)
sys.exit(run_desktop(make, lambda assistant: Server(), paths, hidden="--hidden" in sys.argv))
"""


def started(*arguments: str) -> subprocess.Popen[str]:
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(Path(__file__).parents[2]))
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    )


def lines_until(process: subprocess.Popen[str], last: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.strip() == last:
            break
    return lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("arguments", [(), ("--hidden",)], ids=["window", "hidden"])
def test_a_terminated_vesper_closes_everything_within_two_seconds(arguments: tuple[str, ...]) -> None:
    process = started(*arguments)
    lines = lines_until(process, "ready")
    assert lines == ["imported []", "ready"]
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert rest.split() == ["closed"]
    assert time.monotonic() - began < 2.0


def test_every_window_is_drawn_in_both_themes(tmp_path: Path) -> None:
    from vesper_desktop.screenshots import draw_all

    pictures = list(draw_all(tmp_path))
    names = {picture.stem for picture in pictures}
    for window in (
        "conversation-new",
        "conversation-ringing",
        "settings",
        "welcome-microphone",
        "keys",
        "leaving",
        "orb",
    ):
        assert {f"{window}-dusk", f"{window}-dawn"} <= names
    assert all(colours(picture) > 3 for picture in pictures)


def colours(picture: Path) -> int:
    image = QImage(str(picture))
    return len({image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)})
