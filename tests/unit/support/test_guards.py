"""The guards of the test suite catch what they promise to catch."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from blockbuster import BlockingError

from tests.support.leftovers import children, lasting_children, lasting_tasks, lasting_threads, threads
from tests.support.log_guard import guarded_log
from tests.support.network_guard import LeftTheMachine, is_local
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner


def test_a_warning_nobody_announced_is_unexpected(expect_log: Any) -> None:
    expect_log("WARNING harbour: low tide")
    with guarded_log() as guard:
        logging.getLogger("harbour").warning("low tide")
    assert guard.unexpected() == ["WARNING harbour: low tide"]


def test_an_announced_warning_is_fine_and_one_that_never_comes_is_missing(expect_log: Any) -> None:
    expect_log("low tide")
    with guarded_log() as guard:
        guard.expect("low tide")
        guard.expect("high tide")
        logging.getLogger("harbour").warning("low tide")
    assert guard.unexpected() == []
    assert guard.missing() == ["high tide"]


def test_handlers_a_test_adds_are_taken_away_again() -> None:
    before = list(logging.getLogger().handlers)
    with guarded_log():
        logging.getLogger().addHandler(logging.NullHandler())
    assert logging.getLogger().handlers == before


@pytest.mark.parametrize("address", ["/run/x.sock", ("127.0.0.1", 80), ("::1", 80, 0, 0), ("localhost", 1), ("", 0)])
def test_loopback_is_local(address: Any) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80, 0, 0)])
def test_everything_else_is_not(address: Any) -> None:
    assert not is_local(address)


def test_a_socket_beyond_loopback_fails() -> None:
    with socket.socket() as s, pytest.raises(LeftTheMachine):
        s.connect(("192.0.2.1", 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, pytest.raises(LeftTheMachine):
        s.sendto(b"hello", ("192.0.2.1", 9))
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("example.org", 443)


async def test_vesper_blocking_the_loop_fails() -> None:
    with pytest.raises(BlockingError):
        _block_like_vesper()


def settings_with_rate(home: Path, rate: int) -> Path:
    """A settings file of this home."""
    home.mkdir()
    file = home / "settings.toml"
    file.write_text(f"[voice]\nrate = {rate}\n")
    return file


async def test_an_exempt_place_may_block(vesper_home: Path) -> None:
    assert SettingsFile(settings_with_rate(vesper_home, 180)).get("voice.rate") == 180


def test_a_thread_of_vespers_that_goes_on_is_left_over() -> None:
    before, end = threads(), threading.Event()
    thread = threading.Thread(target=end.wait, name="vesper-harbour")
    thread.start()
    assert lasting_threads(before, grace_s=0) == ["vesper-harbour"]
    end.set()
    thread.join()
    assert lasting_threads(before, grace_s=0) == []


async def test_a_task_that_goes_on_is_left_over() -> None:
    owner = TaskOwner("harbour")
    owner.start(asyncio.Event().wait(), "waits")
    assert await lasting_tasks() == ["harbour/waits"]
    await owner.close()
    assert await lasting_tasks() == []


def test_a_child_that_goes_on_is_left_over_and_ended() -> None:
    before = children()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert str(child.pid) in lasting_children(before, grace_s=0)[0]
    assert not psutil.pid_exists(child.pid)


def _block_like_vesper() -> None:
    # Code compiled under a file name inside the package is what a blocking line of Vesper looks like.
    import vesper

    scope: dict[str, Any] = {"sleep": time.sleep}  # the watched one
    exec(compile("def block(): sleep(0.001)", str(Path(vesper.__path__[0]) / "harbour.py"), "exec"), scope)
    scope["block"]()
