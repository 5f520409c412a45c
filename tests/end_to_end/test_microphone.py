"""The microphone of the rig as a device: closed truly when muted, lost and found, and found when it comes later."""

from __future__ import annotations

import contextlib
import signal
from pathlib import Path

import psutil

from tests.support.rig import Rig
from tests.support.running import RunningVesper, listening, running
from tests.support.speech import speak


def sources(rig: Rig) -> int:
    """How many programs have the microphone open: Vesper is the only one with a client."""
    listed = rig.call("pactl", "list", "short", "source-outputs").splitlines()
    return sum("protocol-native" in line for line in listed)


def test_mute_closes_the_microphone_truly_and_survives_a_restart(rig: Rig, vesper_home: Path) -> None:
    with listening(vesper_home, rig.env) as first:
        assert sources(rig) >= 1
        before = sources(rig)
        first.send("--mute")
        first.until("listening.muted")
        assert sources(rig) == before - 1
        first.end()
    with running("listen", "--json", home=vesper_home, env=rig.env) as second:
        second.until("listening.muted", within=40)
        assert sources(rig) == before - 1
        second.send("--unmute")
        second.until("listening.armed")
        assert sources(rig) == before


def test_a_microphone_that_goes_and_comes_back_is_heard_again(rig: Rig, vesper_home: Path) -> None:
    socket = rig.folder / "second.sock"
    env = {**rig.env, "PULSE_SERVER": f"unix:{socket}"}
    module = _plugged(rig, socket)
    with listening(vesper_home, env) as vesper:
        rig.call("pactl", "unload-module", module)  # the sound server cuts its clients off
        lost = vesper.until("device.lost", within=8, where=lambda e: e["kind"] == "input")
        assert lost["device"]
        assert vesper.process.poll() is None
        _plugged(rig, socket)
        vesper.until("device.back", within=8, where=lambda e: e["kind"] == "input")
        rig.say(speak("okay nabu"))
        rig.say(speak("okay nabu"))  # the first may fall into a gap that the broken server leaves
        vesper.until("wake.heard", within=8)


def test_a_microphone_that_comes_later_is_found(rig: Rig, vesper_home: Path) -> None:
    socket = rig.folder / "third.sock"
    with running("listen", "--json", home=vesper_home, env={**rig.env, "PULSE_SERVER": f"unix:{socket}"}) as vesper:
        vesper.until("problem", within=40, where=lambda e: e["code"].startswith("microphone."))
        _plugged(rig, socket)
        vesper.until("listening.armed", within=8)
        rig.say(speak("okay nabu"))
        vesper.until("wake.heard", within=8)


def test_the_watcher_of_devices_ends_with_vesper_however_that_ends(rig: Rig, vesper_home: Path) -> None:
    with listening(vesper_home, rig.env) as vesper:
        watcher = _watcher(vesper)
        vesper.end(signal.SIGKILL)
        watcher.wait(10)
    with listening(vesper_home, rig.env) as vesper:
        watcher = _watcher(vesper)
        vesper.end()
        watcher.wait(10)


def _watcher(vesper: RunningVesper) -> psutil.Process:
    for child in vesper.children():
        with contextlib.suppress(psutil.Error):  # others come and go
            if child.cmdline()[1:] == ["subscribe"]:
                return child
    raise AssertionError("nothing watches the devices")


def _plugged(rig: Rig, socket: Path) -> str:
    """Serve the rig's sound card at a second socket, too; the module's number, with which it is taken away."""
    socket.unlink(missing_ok=True)
    return rig.call("pactl", "load-module", "module-native-protocol-unix", f"socket={socket}", "auth-anonymous=1")
