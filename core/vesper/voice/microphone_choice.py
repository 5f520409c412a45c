"""Which microphone is the right one now: the first of the user's list that is there, else the system's choice.

The list is kept as it was saved, whatever is plugged in: a microphone that is away is passed over, and chosen again
when it is back. One that is there and does not work is set aside for as long as any other is there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vesper.ports.audio import DeviceInfo


def in_order(ranked: Sequence[str], devices: Sequence[DeviceInfo], set_aside: Collection[str] = ()) -> list[DeviceInfo]:
    """The microphones that are there, the right one first. `set_aside` are keys (see `key`); they come last."""
    there = [device for device in devices if device.kind == "input"]
    listed = [device for name in ranked for device in there if is_named(device, name)]
    default = [device for device in there if device.is_default]
    ordered = list({key(device): device for device in (*listed, *default, *there)}.values())
    return sorted(ordered, key=lambda device: key(device) in set_aside)


def key(device: DeviceInfo) -> str:
    """What tells this device from others of its machine, and from itself before it was unplugged."""
    return f"{device.id or device.name}#{device.plugged}"


def is_named(device: DeviceInfo, name: str) -> bool:
    """Whether a saved name means this device; ALSA's card number in it changes with the order of plugging in."""
    return name in (device.name, device.id) or _without_card(name) == _without_card(device.name)


def _without_card(name: str) -> str:
    return name.split(" (hw:", maxsplit=1)[0]
