"""A window that does not answer does not deafen Vesper: the core hears while Qt's thread stands still."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from vesper.base.settings_file import SettingsFile

PROGRAM = Path(__file__).with_name("frozen_window_process.py")


def test_a_frozen_window_hears_the_wake_phrase_all_the_same(vesper_home: Path) -> None:
    SettingsFile(vesper_home / "settings.toml").set("general.first_run_done", True)
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    times: dict[str, float] = {}
    for what, at in map(json.loads, done.stdout.splitlines()):
        times.setdefault(what, at)
    assert times["frozen"] < times["core wake.heard"] < times["thawed"], times
    assert times["window wake.heard"] > times["thawed"], "the window learns of it as soon as it can"
