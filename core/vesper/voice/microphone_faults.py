"""What can be wrong with a microphone, each as one sentence with what to do."""

from __future__ import annotations

from collections.abc import Sequence

from vesper.base.errors import DeviceLost, Missing
from vesper.ports.audio import DeviceInfo
from vesper.voice.microphone_choice import key


def gone(device: DeviceInfo) -> DeviceLost:
    """It was unplugged."""
    return DeviceLost(
        "microphone.lost",
        f'The microphone "{device.name}" is gone.',
        "Vesper hears with the next one it finds, and with this one again when it is back.",
    )


def silent(device: DeviceInfo) -> DeviceLost:
    """It delivers zeros, and nothing in the system says why."""
    return DeviceLost(
        "microphone.silent",
        f'The microphone "{device.name}" gives nothing but silence.',
        "It may have a switch of its own, or the system keeps it from Vesper: look into its privacy settings.",
    )


def muted_in_system(device: DeviceInfo) -> DeviceLost:
    """It was muted outside of Vesper: that is a wish, so no other one is opened."""
    return DeviceLost(
        "microphone.muted_in_system",
        f'The microphone "{device.name}" is switched off in the system.',
        "Switch it on there; Vesper hears again at once.",
    )


def hung() -> Missing:
    """It could not be opened in time."""
    return Missing(
        "microphone.hung",
        "The microphone does not answer.",
        "Unplug it and plug it in again, or choose another microphone.",
    )


def replaced(names: Sequence[str], used: DeviceInfo) -> Missing:
    """Nothing of the user's list is there."""
    return Missing(
        "microphone.replaced",
        f'The microphone "{names[0]}" is not there, so "{used.name}" listens.',
        "It takes over by itself when it is plugged in.",
    )


def another(asked: DeviceInfo, opened: DeviceInfo) -> Missing:
    """The system opened something else than what was asked for."""
    return Missing(
        "microphone.another",
        f'The system gave "{opened.name}" in place of the microphone "{asked.name}".',
        "Look into the system's sound settings: a rule there may keep Vesper on another device.",
    )


def call_quality(device: DeviceInfo, devices: Sequence[DeviceInfo]) -> Missing:
    """A Bluetooth headset plays in the quality of a telephone for as long as its microphone is open."""
    others = [
        other.name
        for other in devices
        if other.kind == "input" and not other.is_call_quality and key(other) != key(device)
    ]
    hint = f'"{others[0]}" would hear you as well; choose it in the settings.' if others else ""
    return Missing(
        "microphone.call_quality",
        f'With its microphone open, the Bluetooth headset "{device.name}" sounds like a telephone.',
        hint or "A microphone with a cable keeps the headset's full sound.",
    )
