"""What PortAudio lists and why it refuses, in words people understand; the library is played by hand."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from vesper.base.errors import Missing
from vesper.engines.audio_sounddevice import portaudio
from vesper.ports.audio import DeviceInfo

DESK = DeviceInfo("Desk", "input", 48_000)


def device(name: str, *, inputs: int = 1, rate: float = 48_000.0) -> dict[str, Any]:
    return {"name": name, "max_input_channels": inputs, "max_output_channels": 0, "default_samplerate": rate}


def library(*devices: dict[str, Any]) -> SimpleNamespace:
    interface = {
        "name": "Core Audio",
        "devices": list(range(len(devices))),
        "default_input_device": 0,
        "default_output_device": -1,
    }
    return SimpleNamespace(query_hostapis=lambda: [interface], query_devices=lambda index: devices[index])


def listed(monkeypatch: pytest.MonkeyPatch, *devices: dict[str, Any]) -> list[DeviceInfo]:
    monkeypatch.setitem(sys.modules, "sounddevice", library(*devices))
    return [info for _, info in portaudio.listed()]


@pytest.mark.parametrize(
    ("found", "is_call"),
    [
        (device("Headset (Tune Hands-Free AG Audio)"), True),
        (device("AirPods", rate=16_000.0), True),
        (device("Any (HFP)", rate=8_000.0), True),
        (device("Built-in Microphone"), False),
    ],
)
def test_a_headset_in_call_quality_is_known_by_name_or_rate(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, Any], *, is_call: bool
) -> None:
    assert [info.is_call_quality for info in listed(monkeypatch, found)] == [is_call]


def test_an_array_has_its_channels_and_a_plug_in_that_mixes_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = listed(monkeypatch, device("ReSpeaker", inputs=6), device("default", inputs=32))
    assert [info.channels for info in found] == [6, 1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("Error", -9985), "microphone.busy"),
        (("Error", -9999, ("WASAPI", -2004287478, "in use")), "microphone.busy"),
        (("Error", -9999, ("WASAPI", -1, "else")), "microphone.missing"),
        (("Error", -9997), "microphone.missing"),
        (("Error",), "microphone.missing"),
    ],
)
def test_a_refusal_says_whether_another_program_has_the_device(arguments: tuple[Any, ...], code: str) -> None:
    refusal = portaudio.refused(DESK, Exception(*arguments))
    assert isinstance(refusal, Missing)
    assert refusal.code == code
    assert "Desk" in refusal.sentence
    assert refusal.hint
