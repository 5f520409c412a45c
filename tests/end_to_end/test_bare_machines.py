"""Machines that lack a display, a keyring, a writable home or room on the disk: one sentence, and on it goes."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running import COMMAND, RunningVesper, environment, running, sentence_of, until_it_saves, vesper

_NEITHER = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
FULL = "mount -t tmpfs -o size=16k tmpfs {0} && (head -c 1000000 /dev/zero > {0}/other 2>/dev/null; true)"
SMALL = "mount -t tmpfs -o size=8m tmpfs {0}"
READ_ONLY = "mount -t tmpfs -o size=1m tmpfs {0} && mount -o remount,ro {0}"
BARE = {name: value for name, value in os.environ.items() if name not in _NEITHER}


@functools.cache
def _can_mount() -> bool:
    """Whether this system lets a test have a disk of its own (user namespaces, Linux only)."""
    if shutil.which("unshare") is None:
        return False
    trial = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(trial, capture_output=True, timeout=10, check=False).returncode == 0


def need_a_disk() -> None:
    """Skip the test where it can have no disk of its own to be read-only or full."""
    if not _can_mount():
        pytest.skip("this system lets no test mount a disk")


def on_disk(disk: str, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """One `vesper …` whose home is such a disk."""
    need_a_disk()
    home.mkdir()
    script = disk.format(home) + ' && exec "$@"'
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", *COMMAND, *words],
        env=environment(home, BARE), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_run_ends_with_3_and_names_the_way(vesper_home: Path) -> None:
    done = vesper("run", home=vesper_home, env=BARE)
    assert done.returncode == 3
    assert "run --headless" in sentence_of(done)


def test_without_a_keyring_or_a_session_bus_the_key_is_kept_in_the_home_and_told_once(vesper_home: Path) -> None:
    first = vesper("ask", "set a timer for ten minutes", home=vesper_home, env=BARE)
    assert first.returncode == 0
    assert str(vesper_home / "key") in first.stderr
    assert (vesper_home / "key").stat().st_mode & 0o077 == 0
    second = vesper("ask", "how much time is left", home=vesper_home, env=BARE)
    assert str(vesper_home / "key") not in second.stderr
    assert "minutes" in second.stdout


@pytest.mark.parametrize("disk", [READ_ONLY, FULL], ids=["read-only", "full"])
def test_on_a_disk_that_takes_nothing_a_question_is_answered(disk: str, vesper_home: Path) -> None:
    done = on_disk(disk, "ask", "what time is it", home=vesper_home)
    assert done.returncode == 0
    assert done.stdout.startswith("It's ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("disk", [READ_ONLY, FULL], ids=["read-only", "full"])
def test_a_timer_that_cannot_be_saved_is_set_and_says_so(disk: str, vesper_home: Path) -> None:
    done = on_disk(disk, "ask", "set a timer for ten minutes", home=vesper_home)
    assert done.returncode == 0
    assert "10 minutes" in done.stdout
    assert "save" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("disk", [READ_ONLY, FULL], ids=["read-only", "full"])
def test_a_setting_that_cannot_be_saved_is_refused_with_a_sentence(disk: str, vesper_home: Path) -> None:
    done = on_disk(disk, "settings", "set", "voice.rate", "200", home=vesper_home)
    assert done.returncode == 1
    assert str(vesper_home) in sentence_of(done)


def test_a_vesper_that_shall_run_in_a_read_only_home_says_where_it_could(vesper_home: Path) -> None:
    done = on_disk(READ_ONLY, "run", "--headless", home=vesper_home)
    assert done.returncode == 1
    assert "--home" in sentence_of(done)


def beside(one: RunningVesper, *words: str) -> subprocess.CompletedProcess[str]:
    """A second `vesper …` that sees the disk of a running one."""
    there = ("nsenter", "-t", str(one.process.pid), "-U", "-m", "--preserve-credentials")
    return vesper(*words, home=one.home, env=BARE, before=there)


def test_a_running_vesper_whose_disk_fills_up_says_so_and_saves_again_later(vesper_home: Path) -> None:
    need_a_disk()
    vesper_home.mkdir()
    before = ("unshare", "-rm", "sh", "-c", SMALL.format(vesper_home) + ' && exec "$@"', "sh")
    with running("listen", "--json", home=vesper_home, env=BARE, before=before) as on_small_disk:
        on_small_disk.until("problem", within=40, where=lambda e: e["code"] == "microphone.missing")
        until_it_saves(functools.partial(beside, on_small_disk))
        other = Path(f"/proc/{on_small_disk.process.pid}/root{vesper_home}/other")
        assert "save" not in beside(on_small_disk, "ask", "set a timer for ten minutes").stdout

        _fill(other)
        told = beside(on_small_disk, "ask", "set a tea timer for twenty minutes").stdout
        assert "20 minutes" in told
        assert "save" in told, "a timer that is gone after a restart is not promised"

        other.unlink()
        assert "save" not in beside(on_small_disk, "ask", "set an egg timer for thirty minutes").stdout
        assert "Traceback" not in on_small_disk.stderr
        assert on_small_disk.end() < 10


def _fill(path: Path) -> None:
    """Write until nothing more fits, not even a byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass
