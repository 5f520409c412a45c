"""What the sound server says becomes devices; its answers are made by hand."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from vesper.engines.audio_sounddevice.sound_server import SoundServer, aimed_at, pactl
from vesper.ports.audio import DeviceInfo


def source(index: int, name: str, description: str, **other: Any) -> dict[str, Any]:
    plain = {"sample_specification": "s16le 1ch 48000Hz", "mute": False, "monitor_source": "", "properties": {}}
    return {"index": index, "name": name, "description": description, **plain, **other}


class Server:
    """Answers like `pactl -f json`."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"info": {"default_source_name": "pci", "default_sink_name": "hdmi"}, **answers}

    def __call__(self, *words: str) -> str | None:
        assert words[:2] == ("-f", "json")
        return json.dumps(self.answers.get(words[-1].replace("-", "_"), []))


def microphones(server: Server) -> list[DeviceInfo]:
    state = SoundServer(server).look()
    assert state is not None
    return [info for info in state.devices if info.kind == "input"]


def test_microphones_are_described_and_monitors_left_out() -> None:
    rows = [
        source(4, "usb", "Array", sample_specification="s24le 4ch 16000Hz", mute=True),
        source(1, "pci", "Built-in"),
        source(2, "hdmi.monitor", "Monitor of TV", monitor_source="hdmi"),
    ]
    assert microphones(Server(sources=rows)) == [
        DeviceInfo("Built-in", "input", 48_000, is_default=True, id="pci", plugged=1),
        DeviceInfo("Array", "input", 16_000, id="usb", plugged=4, channels=4, is_muted=True),
    ]


@pytest.mark.parametrize("properties", [{"device.bus": "bluetooth"}, {"device.api": "bluez5"}])
def test_a_bluetooth_microphone_is_of_call_quality(properties: dict[str, str]) -> None:
    [headset] = microphones(Server(sources=[source(1, "bluez", "Headset", properties=properties)]))
    assert headset.is_call_quality


def test_two_of_the_same_name_are_told_apart() -> None:
    rows = [source(1, "usb.b", "Webcam"), source(2, "usb.a", "Webcam")]
    assert [(info.name, info.id) for info in microphones(Server(sources=rows))] == [
        ("Webcam", "usb.a"),
        ("Webcam (2)", "usb.b"),
    ]


def test_the_devices_of_the_newest_own_stream_is_found() -> None:
    def stream(index: int, pid: object, on: int) -> dict[str, Any]:
        return {"index": index, "source": on, "properties": {"application.process.id": str(pid)}}

    streams = [stream(9, "1", 4), stream(7, os.getpid(), 4), stream(8, os.getpid(), 1), stream(3, os.getpid(), 4)]
    server = Server(sources=[source(1, "pci", "Built-in"), source(4, "usb", "Desk")], source_outputs=streams)
    assert SoundServer(server).device_of_newest_stream("input") == "pci"
    assert SoundServer(Server()).device_of_newest_stream("input") is None


@pytest.mark.parametrize("answer", [None, "", "no json", "[]"])
def test_without_a_server_or_a_good_answer_there_is_no_state(answer: str | None) -> None:
    assert SoundServer(lambda *_: answer).look() is None


def test_a_stream_is_aimed_while_it_is_opened_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "users-own")
    monkeypatch.delenv("PIPEWIRE_NODE", raising=False)
    with aimed_at(DeviceInfo("Desk", "input", 48_000, id="usb")):
        assert (os.environ["PULSE_SOURCE"], os.environ["PIPEWIRE_NODE"]) == ("usb", "usb")
    assert os.environ["PULSE_SOURCE"] == "users-own"
    assert "PIPEWIRE_NODE" not in os.environ


def test_without_an_id_the_users_own_variables_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SINK", "users-own")
    with aimed_at(DeviceInfo("Anything", "output", 48_000)):
        assert os.environ["PULSE_SINK"] == "users-own"


def test_without_the_tool_nothing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert pactl("info") is None
