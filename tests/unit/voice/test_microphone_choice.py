"""The first of the user's list that is there; else the system's choice; what does not work comes last."""

from __future__ import annotations

import pytest

from vesper.ports.audio import DeviceInfo
from vesper.voice.microphone_choice import in_order, is_named, key

DESK = DeviceInfo("Desk", "input", 48_000, id="usb.desk")
LAPTOP = DeviceInfo("Laptop", "input", 48_000, is_default=True, id="pci.laptop")
HALL = DeviceInfo("Hall", "input", 48_000, id="usb.hall")
SPEAKER = DeviceInfo("Desk", "output", 48_000, is_default=True, id="usb.speaker")
ALL = (SPEAKER, HALL, DESK, LAPTOP)


@pytest.mark.parametrize(
    ("ranked", "devices", "expected"),
    [
        ((), ALL, [LAPTOP, HALL, DESK]),
        (("Desk",), ALL, [DESK, LAPTOP, HALL]),
        (("Hall", "Desk"), ALL, [HALL, DESK, LAPTOP]),
        (("Hall", "Desk"), (DESK, LAPTOP), [DESK, LAPTOP]),
        (("Gone", "Away"), (DESK, LAPTOP), [LAPTOP, DESK]),
        (("usb.desk",), ALL, [DESK, LAPTOP, HALL]),
        (("Desk",), (SPEAKER,), []),
    ],
)
def test_the_order(ranked: tuple[str, ...], devices: tuple[DeviceInfo, ...], expected: list[DeviceInfo]) -> None:
    assert in_order(ranked, devices) == expected


def test_what_is_set_aside_comes_last_but_is_not_forgotten() -> None:
    assert in_order(("Desk",), ALL, {key(DESK)}) == [LAPTOP, HALL, DESK]
    assert in_order(("Desk",), (DESK,), {key(DESK)}) == [DESK]


def test_plugged_in_again_it_is_another_device_of_the_same_name() -> None:
    again = DeviceInfo("Desk", "input", 48_000, id="usb.desk", plugged=7)
    assert key(again) != key(DESK)
    assert is_named(again, "Desk")


def test_the_number_of_an_alsa_card_is_not_part_of_the_name() -> None:
    saved, now = "Yeti: USB Audio (hw:2,0)", DeviceInfo("Yeti: USB Audio (hw:1,0)", "input", 48_000)
    assert is_named(now, saved)
    assert not is_named(now, "Yeti X: USB Audio (hw:1,0)")
