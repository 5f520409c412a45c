"""A system with a keyring: the key of the data lies in it, and nowhere else."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.keyring_rig import keyring_session
from tests.support.running import running, until_it_saves, vesper

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the keyring of the rig is a Linux program")

# Not a private home: those keep their key themselves.
USUAL = ("env", "-u", "VESPER_HOME")
READ = "import keyring, sys; print(keyring.get_password('vesper', sys.argv[1]))"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """A user with a session bus, an unlocked keyring and no display or sound card."""
    left_out = ("XDG_", "DISPLAY", "WAYLAND", "PULSE_", "VESPER_", "DBUS_")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    (tmp_path / "user").mkdir()
    with keyring_session(tmp_path / "user") as env:
        yield bare | env


def command(*words: str, session: Mapping[str, str], home: Path) -> subprocess.CompletedProcess[str]:
    return vesper(*words, home=home, env=session, before=USUAL)


def asked(text: str, session: Mapping[str, str], home: Path) -> subprocess.CompletedProcess[str]:
    return command("ask", text, session=session, home=home)


def test_the_key_lies_in_the_keyring_and_opens_the_data_again(session: Mapping[str, str], tmp_path: Path) -> None:
    data = Path(session["XDG_DATA_HOME"]) / "vesper"
    for text, answer in (("set a timer for ten minutes", "10 minutes"), ("how much time is left", "minutes")):
        with running("listen", "--json", home=tmp_path / "x", env=session, before=USUAL) as started:
            started.until("problem", within=40, where=lambda e: e["code"] == "microphone.missing")
            until_it_saves(functools.partial(command, session=session, home=tmp_path / "x"))
            assert answer in asked(text, session, tmp_path / "x").stdout
            assert "storage" not in {e["code"].partition(".")[0] for e in started.events if e["event"] == "problem"}
            started.end()
    secret_id = (data / "key-id").read_text(encoding="ascii")
    read = [sys.executable, "-c", READ, secret_id]
    kept = subprocess.run(read, env=session, capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    assert len(bytes.fromhex(kept)) == 32
    assert not (data / "key").exists()
    assert bytes.fromhex(kept) not in b"".join(file.read_bytes() for file in data.iterdir() if file.is_file())


def test_while_the_keyring_is_away_the_data_stays_closed_and_whole(session: Mapping[str, str], tmp_path: Path) -> None:
    assert "10 minutes" in asked("set a timer for ten minutes", session, tmp_path).stdout
    without = dict(session) | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'nowhere'}"}
    locked = asked("how much time is left", without, tmp_path)
    assert "keyring" in locked.stderr
    assert "Traceback" not in locked.stderr
    assert "minutes" in asked("how much time is left", session, tmp_path).stdout
