"""The two commands as a person types them, in the environment they made."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from installer import environment, system_packages
from tests.structure.source import INSTALLER, ROOT

BOOTSTRAP = str(INSTALLER / "bootstrap.py")


def typed(*words: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """What happens when this is typed where there is neither a display nor a terminal."""
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return subprocess.run(
        [sys.executable, BOOTSTRAP, *words],
        env=env, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_run_names_the_way_and_ends_with_3() -> None:
    done = typed("run")
    assert done.returncode == 3
    assert "run --headless" in done.stderr
    assert done.stdout == ""


def test_wrong_usage_ends_with_2() -> None:
    assert typed("dance").returncode == 2


@pytest.mark.skipif(
    not environment.is_current(with_tests=True), reason="this environment was not made by the bootstrap"
)
def test_a_start_with_nothing_to_do_reaches_vesper_in_two_seconds() -> None:
    before = time.monotonic()
    done = typed("run", "--help")
    assert time.monotonic() - before < 2
    assert done.returncode == 0
    assert "--headless" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="asks dpkg")
def test_what_the_tests_need_is_installed() -> None:
    tables = system_packages.read(system_packages.LIST.read_text(encoding="utf-8"))
    names = list(system_packages.wanted(tables, "debian", ("run", "test")))
    assert system_packages.missing(names, "debian", tables) == []
