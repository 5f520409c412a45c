"""Several microphones on a virtual clock, each of which can be pulled out, go dead, starve, be muted or be taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vesper.base.clock import Clock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines.scripted.devices import ScriptedDevices
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, DeviceInfo


class ScriptedMicrophones(ScriptedDevices):
    """`infos` are there now; `opened` are the names in the order in which microphones were opened.

    With `moves_streams` a stream goes on when its device is pulled out, as sound servers do it: on another one.
    """

    def __init__(self, clock: Clock, *names: str) -> None:
        super().__init__(clock=clock)
        self.infos = [DeviceInfo(name, "input", SAMPLE_RATE, is_default=not place) for place, name in enumerate(names)]
        self.dead: set[str] = set()
        self.starving: set[str] = set()
        self.taken: set[str] = set()
        self.gives_instead: dict[str, str] = {}
        self.moves_streams = False
        self.opened: list[str] = []
        self.open_now: list[FakeMicrophone] = []
        self.rescans = 0
        self.asked = 0
        self.on_change: Callable[[], None] = lambda: None

    def devices(self) -> Sequence[DeviceInfo]:
        """See `AudioDevices`; `asked` counts."""
        self.asked += 1
        return tuple(self.infos)

    def open_microphone(self, name: str) -> FakeMicrophone:  # type: ignore[override]
        """See `AudioDevices`."""
        if name in self.taken:
            raise Missing("microphone.busy", f'"{name}" is used by another program.', "Close it.")
        wanted = self.gives_instead.get(name, name)
        info = next((info for info in self.infos if info.name == wanted), None)
        if info is None:
            raise Missing("microphone.missing", "No microphone was found.", "Plug one in.")
        self.opened.append(info.name)
        self.open_now.append(FakeMicrophone(self, info))
        return self.open_now[-1]

    def rescan(self) -> None:
        """See `AudioDevices`."""
        self.rescans += 1

    def follow(self, on_change: Callable[[], None] | None) -> bool:
        """See `AudioDevices`."""
        self.on_change = on_change or (lambda: None)
        return True

    def pull(self, name: str) -> None:
        """Pull one out."""
        self.infos = [info for info in self.infos if info.name != name]
        self.on_change()

    def push(self, name: str, **facts: bool) -> None:
        """Plug one in; again it is another one of the same name."""
        self.infos.append(replace(DeviceInfo(name, "input", SAMPLE_RATE, plugged=len(self.opened) + 1), **facts))
        self.on_change()

    def change(self, name: str, **facts: bool) -> None:
        """Change what the system says of one: `is_muted`, `is_default` (of that one alone then), `is_call_quality`."""
        others = {"is_default": False} if facts.get("is_default") else {}
        self.infos = [replace(info, **(facts if info.name == name else others)) for info in self.infos]
        self.on_change()


class FakeMicrophone:
    """Faint sound at every read, as its name's state allows."""

    dropped = 0
    has_ended = False

    def __init__(self, devices: ScriptedMicrophones, info: DeviceInfo) -> None:
        self._devices = devices
        self.info = info
        self._next = 0

    def read(self, timeout_s: float) -> list[AudioFrame]:
        """See `Microphone`: a tenth of a second."""
        del timeout_s
        is_there = any(info.name == self.info.name for info in self._devices.infos)
        if not is_there and not self._devices.moves_streams:
            raise DeviceLost("microphone.lost", f'"{self.info.name}" is gone.', "Plug it in.")
        if self.info.name in self._devices.starving:
            raise DeviceLost("microphone.starved", f'"{self.info.name}" gives no sound.', "Plug it in again.")
        info = next((info for info in self._devices.infos if info.name == self.info.name), self.info)
        is_zero = info.is_muted or self.info.name in self._devices.dead
        frames = [self._frame(0.0 if is_zero else 1e-3) for _ in range(10)]
        return frames

    def close(self) -> None:
        """See `Microphone`."""
        if self in self._devices.open_now:
            self._devices.open_now.remove(self)

    def _frame(self, value: float) -> AudioFrame:
        start, self._next = self._next, self._next + FRAME_SAMPLES
        return AudioFrame(np.full(FRAME_SAMPLES, value, np.float32), start, 0.0)
