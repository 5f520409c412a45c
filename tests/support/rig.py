"""A desktop that nobody sees: display, window manager, tray, notifications, session bus, and a sound card of software.

What is played into the sink "micin" comes out of the microphone "mic"; what Vesper plays goes to the sink
"speaker", whose monitor is recorded. Every rig has a display number, a bus and a runtime folder of its own, so that
several can run side by side. Its servers die with the process that started them, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from tests.support.leftovers import keep
from tests.support.speech import RATE, Samples, faint_noise, write_wav

_NEEDED = ("Xvfb", "openbox", "trayer", "dunst", "dbus-daemon", "pulseaudio", "pactl", "paplay", "parec", "import")
_READY_S = 20.0
_MONITOR_LATENCY_S = 0.15
_SAY_BUFFER_MS = 300  # with 30 ms a busy machine tore holes into the wake phrase
_NOISE_LOOP = 'while :; do paplay --device=micin "$0" || sleep 0.2; done'


class Recording:
    """What the speaker played; `samples` (16 kHz mono float32) is there when the recording is over."""

    def __init__(self) -> None:
        self.samples: Samples = np.zeros(0, np.float32)

    @property
    def loudness(self) -> float:
        """The loudest 100 ms, as RMS; 0.0 when nothing was played."""
        blocks = self.samples[: len(self.samples) // 1600 * 1600].reshape(-1, 1600)
        return float(np.sqrt(np.mean(np.square(blocks), axis=1)).max()) if len(blocks) else 0.0


class Rig:
    """Starts the servers and ends them; `env` is the environment a program needs to be on this desktop."""

    def __init__(self) -> None:
        absent = [name for name in _NEEDED if shutil.which(name) is None]
        if absent:
            raise RuntimeError(f"not installed: {', '.join(absent)}; python3 installer/bootstrap.py test brings them")
        self.folder = Path(tempfile.mkdtemp(prefix="vesper-rig-"))
        self.env: dict[str, str] = {
            k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PULSE_", "WAYLAND"))
        }
        self._servers: list[subprocess.Popen[bytes]] = []
        self._log = (self.folder / "servers.log").open("ab")

    def start(self) -> None:
        """Start everything, each server once the one it needs is ready."""
        home, runtime = self.folder / "home", self.folder / "run"
        home.mkdir()
        runtime.mkdir(mode=0o700)
        (home / ".asoundrc").write_text("pcm.!default{type pulse}\nctl.!default{type pulse}\n")
        self.env |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LIBGL_ALWAYS_SOFTWARE": "1"}
        self.env |= {"QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "GTK_A11Y": "none"}
        self._start_display()
        self._start_bus()
        self._start_sound(runtime / "pulse.sock")
        self._start_desktop()

    def stop(self) -> None:
        """End every server and remove the folder. Safe to call twice."""
        for server in reversed(self._servers):
            server.terminate()
        for server in reversed(self._servers):
            try:
                server.wait(3)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(5)
        self._servers.clear()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def say(self, sound: Path | Samples, *, wait: bool = True) -> subprocess.Popen[bytes]:
        """Let the microphone hear a WAV file or 16 kHz samples; with `wait` return when it is over."""
        path = sound if isinstance(sound, Path) else self._as_file(sound)
        command = ["paplay", "--device=micin", f"--latency-msec={_SAY_BUFFER_MS}", str(path)]
        player = subprocess.Popen(command, env=self.env)
        if wait:
            player.wait(soundfile.info(path).duration + 20)
        return player

    @contextlib.contextmanager
    def record(self) -> Iterator[Recording]:
        """Record what the speaker plays while inside; the samples are there afterwards."""
        recording = Recording()
        raw = self.folder / f"record-{time.monotonic_ns()}.raw"
        command = ["parec", "--device=speaker.monitor", f"--rate={RATE}", "--channels=1", "--format=float32le"]
        with raw.open("wb") as file:
            recorder = subprocess.Popen([*command, "--latency-msec=30"], env=self.env, stdout=file)
        try:
            self._until(lambda: raw.stat().st_size > 0, "the recorder")
            begun, before = time.monotonic(), raw.stat().st_size
            yield recording
            # A recorder that was held up on a busy machine must have caught up before it is ended.
            played = before + 4 * RATE * (time.monotonic() - begun + _MONITOR_LATENCY_S)
            self._until(lambda: raw.stat().st_size >= played, "the end of the recording")
        finally:
            recorder.terminate()
            recorder.wait(5)
            whole = raw.stat().st_size // 4 * 4
            recording.samples = np.frombuffer(raw.read_bytes()[:whole], np.float32)
            raw.unlink()

    def screenshot(self, path: Path) -> Path:
        """A picture (PNG) of the whole display; returns the path."""
        self.call("import", "-window", "root", str(path))
        return path

    @contextlib.contextmanager
    def without_tray(self) -> Iterator[None]:
        """A desktop whose panel has no tray, while inside."""
        self._tray.terminate()
        self._tray.wait(5)
        self._servers.remove(self._tray)
        try:
            yield
        finally:
            self._start_tray()

    def call(self, *command: str, timeout_s: float = 20.0) -> str:
        """Run a program on this desktop (xdotool, pactl, dunstctl, …) and return what it printed."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=timeout_s, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
        return done.stdout.strip()

    def _start_display(self) -> None:
        ours, theirs = os.pipe()
        self._serve("Xvfb", "-displayfd", str(theirs), "-screen", "0", "1280x800x24", "-nolisten", "tcp", fds=(theirs,))
        os.close(theirs)
        with os.fdopen(ours) as answer:  # Xvfb chooses a free number and tells it once it serves
            self.env["DISPLAY"] = ":" + answer.readline().strip()

    def _start_bus(self) -> None:
        ours, theirs = os.pipe()
        self._serve("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={theirs}", fds=(theirs,))
        os.close(theirs)
        with os.fdopen(ours) as answer:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = answer.readline().strip()

    def _start_sound(self, socket: Path) -> None:
        modules = (
            f"module-native-protocol-unix socket={socket} auth-anonymous=1",
            "module-null-sink sink_name=speaker rate=48000 channels=2 norewinds=1",
            "module-null-sink sink_name=micin rate=48000 channels=1 norewinds=1",
            "module-remap-source master=micin.monitor source_name=mic",
        )
        loads = [word for module in modules for word in ("-L", module)]
        options = ("--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--realtime=no")
        self._serve("pulseaudio", "-n", *options, *loads)
        self.env["PULSE_SERVER"] = f"unix:{socket}"
        self._until(lambda: self._works("pactl", "info"), "the sound server")
        self.call("pactl", "set-default-sink", "speaker")
        self.call("pactl", "set-default-source", "mic")
        room = write_wav(self.folder / "room.wav", faint_noise(60.0))
        self._serve("sh", "-c", _NOISE_LOOP, str(room))  # a room is never digitally silent

    def _start_desktop(self) -> None:
        self._serve("openbox", "--sm-disable")
        self._until(
            lambda: "window id" in self.call("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager"
        )
        self._start_tray()
        self._serve("dunst")
        self._until(lambda: self._works("dunstctl", "count"), "the notification service")
        accessibility = Path("/usr/libexec/at-spi-bus-launcher")
        if accessibility.exists():
            self._serve(str(accessibility), "--launch-immediately")

    def _start_tray(self) -> None:
        self._tray = self._serve(
            "trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "24"
        )

    def _serve(self, *command: str, fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        bound = ("setpriv", "--pdeathsig", "TERM", *command) if sys.platform == "linux" else command
        server = subprocess.Popen(
            bound, env=self.env, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, pass_fds=fds
        )
        keep(server.pid)
        self._servers.append(server)
        return server

    def _works(self, *command: str) -> bool:
        return subprocess.run(command, env=self.env, capture_output=True, timeout=10, check=False).returncode == 0

    def _until(self, is_ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _READY_S
        while not is_ready():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{what} did not start: {(self.folder / 'servers.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def _as_file(self, samples: Samples) -> Path:
        return write_wav(self.folder / f"say-{time.monotonic_ns()}.wav", samples)
