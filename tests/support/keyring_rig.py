"""A session bus with an unlocked keyring on it, for one test module; both end with it."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.leftovers import keep


@contextlib.contextmanager
def keyring_session(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which programs find this keyring; `folder` takes its files."""
    home, run = folder / "home", folder / "run"
    home.mkdir()
    run.mkdir(mode=0o700)
    env = {"HOME": str(home), "XDG_RUNTIME_DIR": str(run), "XDG_DATA_HOME": str(home / "data")}
    socket = f"unix:path={run / 'bus'}"
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address={socket}"],
        stdout=subprocess.PIPE, env={**_path(), **env}, text=True,
    )  # fmt: skip
    keep(bus.pid)
    assert bus.stdout is not None
    env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**_path(), **env},
    )  # fmt: skip
    keep(daemon.pid)
    assert daemon.stdin is not None
    daemon.stdin.write(b"pass phrase")
    daemon.stdin.close()
    try:
        yield env
    finally:
        for server in (daemon, bus):
            server.terminate()
            server.wait(5)
        bus.stdout.close()


def _path() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"}
