"""What holds for every test: a home of its own, and silent trouble made loud.

A test fails when it logs a warning it did not announce (`expect_log`), blocks the event loop, reaches beyond
loopback, or leaves a task, a thread or a child process behind. Tests marked `long` run with --long or VESPER_LONG=1.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.leftovers import children, lasting_children, lasting_tasks, lasting_threads, threads
from tests.support.log_guard import LogGuard, guarded_log
from tests.support.network_guard import loopback_only

if TYPE_CHECKING:
    from tests.support.rig import Rig

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long counts too (kills, hours of audio)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    is_long = config.getoption("--long") or os.environ.get("VESPER_LONG") == "1"
    for item in items:
        if not is_long and item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="a long one: --long"))
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "_no_leftover_tasks")  # first in, last out: after all other fixtures


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the full counts are asked for: a test may run more rounds then."""
    return bool(request.config.getoption("--long")) or os.environ.get("VESPER_LONG") == "1"


@pytest.fixture(autouse=True)
def vesper_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of this test alone; nothing of the user's is ever touched."""
    home = tmp_path / "vesper-home"
    monkeypatch.setenv("VESPER_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _log_guard() -> Iterator[LogGuard]:
    with guarded_log() as guard:
        yield guard
    assert not guard.unexpected(), "unexpected in the log: " + "; ".join(guard.unexpected())
    assert not guard.missing(), "announced, but never logged: " + "; ".join(guard.missing())


@pytest.fixture
def expect_log(_log_guard: LogGuard) -> Callable[[str], None]:
    """`expect_log(pattern)` announces log entries ("LEVEL logger: message"); one that never comes fails too."""
    return _log_guard.expect


@pytest.fixture(autouse=True)
def _no_leftover_children_and_threads() -> Iterator[None]:
    before, running = children(), threads()
    yield
    left = lasting_children(before)
    assert not left, "child processes left over: " + "; ".join(left)
    going_on = lasting_threads(running)
    assert not going_on, "threads left over: " + ", ".join(going_on)


@pytest.fixture
async def _no_leftover_tasks() -> AsyncIterator[None]:
    yield
    left = await lasting_tasks()
    assert not left, "tasks left over: " + ", ".join(left)


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """The desktop and sound card of this test process (tests/support/rig.py); Linux only."""
    if sys.platform != "linux":
        pytest.skip("the rig is made of Linux programs")
    from tests.support.rig import Rig

    desktop = Rig()
    try:
        desktop.start()
        yield desktop
    finally:
        desktop.stop()


@pytest.fixture
def on_rig(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """The rig, with this very process on it: its sound card, bus and home (Qt stays offscreen)."""
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "HOME", "PULSE_SERVER", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, rig.env[name])
    return rig


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session", autouse=True)
def _loop_watch() -> Iterator[None]:
    from tests.support.blocking import loop_watch

    watch = loop_watch()
    watch.activate()
    yield
    watch.deactivate()
