"""Microphones that are plugged into the rig and pulled out of it, each in a room of its own with faint noise."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support.rig import Rig
from tests.support.speech import Samples, faint_noise, write_wav

_NOISE_LOOP = 'while :; do paplay --device="$1" "$0" || sleep 0.2; done'


class VirtualMicrophone:
    """`title` is its name for people, `source` its name in the sound server."""

    def __init__(self, rig: Rig, source: str, title: str, properties: Mapping[str, str] | None = None) -> None:
        self.rig = rig
        self.source = source
        self.title = title
        self.room = f"{source}_room"
        self._properties = {"device.description": title, **(properties or {})}
        self._room_module = ""
        self._module = ""
        self._noise: subprocess.Popen[bytes] | None = None

    @property
    def is_plugged(self) -> bool:
        """Whether it is there."""
        return bool(self._module)

    def furnish(self, *, channels: int = 1) -> None:
        """Make its room, with noise in it."""
        self._room_module = self._load(
            "module-null-sink", f"sink_name={self.room}", "rate=48000", f"channels={channels}", "norewinds=1"
        )
        noise = write_wav(self.rig.folder / f"{self.room}.wav", faint_noise(60.0, seed=len(self.room)))
        self._noise = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "sh", "-c", _NOISE_LOOP, str(noise), self.room],
            env=self.rig.env, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def clear(self) -> None:
        """Take microphone and room away."""
        if self._noise is not None:
            self._noise.kill()
            self._noise.wait(5)
        self.unplug()
        self.rig.call("pactl", "unload-module", self._room_module)

    def plug(self) -> None:
        """Plug it in."""
        words = " ".join(f'{name}="{value}"' for name, value in self._properties.items())
        self._module = self._load(
            "module-remap-source",
            f"master={self.room}.monitor",
            f"source_name={self.source}",
            f"source_properties='{words}'",
        )

    def unplug(self) -> None:
        """Pull it out."""
        if self._module:
            module, self._module = self._module, ""
            self.rig.call("pactl", "unload-module", module)

    def mute(self, on: bool) -> None:
        """Switch it off in the system, or on."""
        self.rig.call("pactl", "set-source-mute", self.source, "1" if on else "0")

    def go_dead(self, on: bool) -> None:
        """Let it deliver zeros that nothing in the system explains, or sound again."""
        self.rig.call("pactl", "set-sink-mute", self.room, "1" if on else "0")

    def starve(self, on: bool) -> None:
        """Let it deliver nothing at all, or sound again."""
        self.rig.call("pactl", "suspend-source", self.source, "1" if on else "0")

    def become_default(self) -> None:
        """Be the system's choice."""
        self.rig.call("pactl", "set-default-source", self.source)

    def hear(self, sound: Samples) -> subprocess.Popen[bytes]:
        """Say something in its room; the player is not waited for."""
        path = write_wav(self.rig.folder / f"said-{self.room}.wav", sound)
        return subprocess.Popen(["paplay", f"--device={self.room}", "--latency-msec=300", str(path)], env=self.rig.env)

    def _load(self, *words: str) -> str:
        return self.rig.call("pactl", "load-module", *words)


@contextmanager
def microphone(
    rig: Rig, source: str, title: str, *, channels: int = 1, properties: Mapping[str, str] | None = None
) -> Iterator[VirtualMicrophone]:
    """One that is plugged in at first, and gone with its room behind the block."""
    made = VirtualMicrophone(rig, source, title, properties)
    made.furnish(channels=channels)
    made.plug()
    try:
        yield made
    finally:
        made.clear()
