"""One Vesper a home: the second start, the control words, killed ones, and how each of them ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.polling import until
from tests.support.running import END_S, START_S, RunningVesper, running, sentence_of, vesper

NO_CALLS = (
    b"\n",
    b"{}\n",
    b"[1]\n",
    b"nonsense\n",
    b"\xff\xfe\n",
    b'{"call": "ask"}\n',
    b'{"call": ["ask"]}\n',
    b'{"call": "ask", "args": [1]}\n',
    b'{"call": "__init__", "args": {}}\n',
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and sockets")


@pytest.fixture(scope="module")
def silent() -> dict[str, str]:
    """The variables of a machine without any sound card, display, session bus and keyring."""
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR")
    bare = {name: value for name, value in os.environ.items() if name not in gone}
    return {**bare, "PULSE_SERVER": "unix:/nonexistent"}


@contextlib.contextmanager
def started(home: Path, env: dict[str, str]) -> Iterator[RunningVesper]:
    """`vesper listen` on a machine without sound, once it has said that it has no microphone."""
    with running("listen", "--json", home=home, env=env) as alone:
        alone.until("problem", within=START_S, where=lambda e: e["code"].startswith("microphone."))
        yield alone


def answers(home: Path, env: dict[str, str]) -> str:
    """What a running Vesper answers to a typed question; fails where none is running."""
    done = vesper("ask", "--json", "set a timer for ten minutes", home=home, env=env)
    assert "not running" not in done.stderr
    return str(json.loads(done.stdout)["answer"])


def test_without_a_sound_card_typing_works_and_one_sentence_says_what_is_missing(
    vesper_home: Path, silent: dict[str, str]
) -> None:
    with started(vesper_home, silent) as alone:
        assert "minutes" in answers(vesper_home, silent)
        told = [e for e in [*alone.events, *alone.pass_by(3)] if e["event"] == "problem"]
        microphone = [e for e in told if e["code"].startswith("microphone.")]
        assert len(microphone) == 1, "the same sentence is not told again at every attempt"
        assert microphone[0]["hint"]
        assert alone.process.poll() is None
        assert "Traceback" not in alone.stderr


def test_a_second_start_says_that_vesper_is_running(vesper_home: Path, silent: dict[str, str]) -> None:
    with started(vesper_home, silent) as first:
        second = vesper("listen", home=vesper_home, env=silent)
        assert second.returncode == 1
        assert "already running" in sentence_of(second)
        as_json = vesper("run", "--headless", "--json", home=vesper_home, env=silent)
        assert as_json.returncode in {1, 2}
        assert first.process.poll() is None


def test_the_running_one_ends_by_the_quit_word_and_leaves_nothing(vesper_home: Path, silent: dict[str, str]) -> None:
    with started(vesper_home, silent) as first:
        children = first.children()
        assert first.send("--quit").returncode == 0
        assert first.process.wait(END_S) == 0
        assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert not (vesper_home / "control.sock").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_cleanly_within_two_seconds(
    number: signal.Signals, vesper_home: Path, silent: dict[str, str]
) -> None:
    with started(vesper_home, silent) as first:
        _is_ready(first)
        children = first.children()
        assert children, "the recognisers run in children"
        assert first.end(number) < 2.0
        assert first.process.returncode in {0, 130}
        assert "Traceback" not in first.stderr
        _, alive = psutil.wait_procs(children, timeout=0.5)
        assert not alive


def test_a_signal_while_it_is_still_starting_ends_it_too(vesper_home: Path, silent: dict[str, str]) -> None:
    with running("listen", "--json", home=vesper_home, env=silent) as first:
        until((vesper_home / "control.sock").exists, 20)
        assert first.end() < 5.0  # what is being imported is imported to its end
        assert "Traceback" not in first.stderr


def test_after_kill_9_the_next_start_works_and_no_child_lives_on(vesper_home: Path, silent: dict[str, str]) -> None:
    with started(vesper_home, silent) as first:
        first.pass_by(4)
        children = first.children()
        assert children
        first.end(signal.SIGKILL)
        _, alive = psutil.wait_procs(children, timeout=5)
        assert not alive
    assert (vesper_home / "control.sock").exists(), "a killed one cannot tidy up"
    none = vesper("--stop", home=vesper_home, env=silent)
    assert none.returncode == 3
    assert "not running" in sentence_of(none)
    with started(vesper_home, silent):
        assert "minutes" in answers(vesper_home, silent)


def test_garbage_on_the_control_socket_is_answered_or_cut_and_harms_nothing(
    vesper_home: Path, silent: dict[str, str]
) -> None:
    with started(vesper_home, silent) as first:
        for line in NO_CALLS:
            reply = json.loads(_sent(vesper_home, line))
            assert reply["error"]["sentence"], line
        _sent(vesper_home, b"x" * 3_000_000)  # longer than a line may be: the connection is cut, no more
        _sent(vesper_home, b"half a line without its end", is_whole=False)
        assert "minutes" in answers(vesper_home, silent)
        assert "Traceback" not in first.stderr
    log = "".join(path.read_text() for path in (vesper_home / "logs").glob("*"))
    assert "Traceback" not in log


def test_the_socket_is_the_users_alone(vesper_home: Path, silent: dict[str, str]) -> None:
    with started(vesper_home, silent):
        assert (vesper_home / "control.sock").stat().st_mode & 0o077 == 0


def test_timers_of_a_running_one_are_those_that_ask_sees(vesper_home: Path, silent: dict[str, str]) -> None:
    with started(vesper_home, silent) as first:
        answers(vesper_home, silent)
        first.send("--quit")
        first.process.wait(5)
    later = vesper("ask", "how much time is left", home=vesper_home, env=silent)
    assert later.returncode == 0
    assert "minutes" in later.stdout


def _is_ready(vesper: RunningVesper) -> None:
    """Wait until the recognisers and the voice have been opened: the process is then quiet."""
    stages: dict[str, str] = {}
    deadline = time.monotonic() + START_S
    process = psutil.Process(vesper.process.pid)
    while stages.get("stt") != "ok" or process.cpu_percent(0.5) > 50:
        assert time.monotonic() < deadline, stages
        told = json.loads(vesper.send("selfcheck", "--json").stdout)
        stages = {stage["stage"]: stage["state"] for stage in told["stages"]}


def _sent(home: Path, data: bytes, *, is_whole: bool = True) -> bytes:
    """What the control socket answers to these bytes; b"" where it cuts the connection."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(home / "control.sock"))
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
            return connection.makefile("rb").readline() if is_whole else b""
    return b""
