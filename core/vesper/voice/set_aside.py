"""Microphones that are there and do not work: passed over while another one is there, and tried again now and then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vesper.base.clock import Clock
from vesper.base.errors import VesperError
from vesper.ports.audio import AudioDevices, DeviceInfo
from vesper.voice.microphone_choice import key

_FIRST_PAUSE_S = 3.0
_LONGEST_PAUSE_S = 60.0
_READ_S = 0.2
_READS = 4


@dataclass(slots=True)
class _Fault:
    pause_s: float
    try_at: float
    is_aside: bool = True


class SetAside:
    """Remembers microphones by their keys. One that fails again and again is tried ever more seldom."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: dict[str, _Fault] = {}

    @property
    def keys(self) -> Collection[str]:
        """The microphones to pass over."""
        return {name for name, fault in self._faults.items() if fault.is_aside}

    @property
    def is_any_due(self) -> bool:
        """Whether one that is set aside should be tried now."""
        now = self._clock.monotonic()
        return any(fault.is_aside and now >= fault.try_at for fault in self._faults.values())

    def put(self, device: DeviceInfo) -> None:
        """Pass it over from now on."""
        before = self._faults.get(key(device))
        if before is not None and before.is_aside:
            return
        pause_s = _FIRST_PAUSE_S if before is None else min(_LONGEST_PAUSE_S, 2 * before.pause_s)
        self._faults[key(device)] = _Fault(pause_s, self._clock.monotonic() + pause_s)

    def take_back(self, device: DeviceInfo) -> None:
        """It works again; how often it has failed is remembered."""
        if (fault := self._faults.get(key(device))) is not None:
            fault.is_aside = False

    def keep_only(self, devices: Sequence[DeviceInfo]) -> None:
        """Forget those that are no longer there: plugged in again they are as good as new."""
        there = {key(device) for device in devices}
        self._faults = {name: fault for name, fault in self._faults.items() if name in there}

    def take_due(self) -> Collection[str]:
        """The ones that should be tried now; their next time is later."""
        now = self._clock.monotonic()
        due = {name: fault for name, fault in self._faults.items() if fault.is_aside and now >= fault.try_at}
        for fault in due.values():
            fault.pause_s = min(_LONGEST_PAUSE_S, 2 * fault.pause_s)
            fault.try_at = now + fault.pause_s
        return due.keys()


def is_heard(devices: AudioDevices, device: DeviceInfo) -> bool:
    """Open a microphone beside the one in use, and hear whether there is sound in it. Blocks for up to a second."""
    try:
        microphone = devices.open_microphone(device.name)
    except VesperError:
        return False
    try:
        frames = [frame for _ in range(_READS) for frame in microphone.read(_READ_S)]
    except (VesperError, EOFError):
        return False
    finally:
        microphone.close()
    return any(bool(frame.samples.any()) for frame in frames)
