"""The machine's microphones through a sound server: found and opened by name, checked, watched, one channel of many."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.support.microphones import microphone
from tests.support.rig import Rig
from vesper.engines.audio_sounddevice import SoundDevices
from vesper.ports.audio import DeviceInfo, Microphone, Samples


@pytest.fixture
def devices(on_rig: Rig) -> Iterator[SoundDevices]:
    engine = SoundDevices()
    engine.rescan()
    yield engine
    engine.close()
    engine.rescan()


def named(devices: SoundDevices, name: str) -> DeviceInfo:
    return next(info for info in devices.devices() if (info.kind, info.name) == ("input", name))


def heard(microphone: Microphone, seconds: float) -> Samples:
    frames = []
    while len(frames) < seconds * 100:
        frames += microphone.read(1.0)
    return np.concatenate([frame.samples for frame in frames])


def test_a_microphone_is_found_and_opened_by_its_name(on_rig: Rig, devices: SoundDevices) -> None:
    with microphone(on_rig, "desk", "Desk"), contextlib.closing(devices.open_microphone("Desk")) as opened:
        assert opened.info == named(devices, "Desk")
        assert opened.info.name == "Desk"
        assert heard(opened, 0.2).any()


def test_one_that_is_away_is_replaced_by_the_systems_choice_and_says_so(devices: SoundDevices) -> None:
    with contextlib.closing(devices.open_microphone("Desk")) as opened:
        assert opened.info.is_default
        assert opened.info.id == "mic"


def test_a_rule_that_opens_another_one_is_found_out(on_rig: Rig, devices: SoundDevices) -> None:
    config = Path(on_rig.env["HOME"]) / ".asoundrc"
    before = config.read_text()
    config.write_text(before + "pcm.!pulse { type pulse device mic }\n")
    try:
        with microphone(on_rig, "desk", "Desk"):
            devices.rescan()
            with contextlib.closing(devices.open_microphone("Desk")) as opened:
                assert opened.info.id == "mic"
    finally:
        config.write_text(before)


def test_a_bluetooth_microphone_is_known_by_what_the_server_says(on_rig: Rig, devices: SoundDevices) -> None:
    with microphone(on_rig, "bluez", "Headset", properties={"device.bus": "bluetooth"}):
        assert named(devices, "Headset").is_call_quality
        assert not any(info.is_call_quality for info in devices.devices() if info.name != "Headset")


def test_of_an_array_the_channel_that_speaks_is_heard_at_its_full_strength(on_rig: Rig, devices: SoundDevices) -> None:
    tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(4 * 16_000) / 16_000)
    sound = np.stack([np.zeros_like(tone), tone], axis=1).astype(np.float32)
    with microphone(on_rig, "array", "Array", channels=2) as array:
        assert named(devices, "Array").channels == 2
        with contextlib.closing(devices.open_microphone("Array")) as opened:
            speaking = array.hear(sound)
            samples = heard(opened, 3.0)
            speaking.wait(20)
    assert np.abs(samples[-16_000:]).max() == pytest.approx(0.2, rel=0.2), "not the half of a mean"


def watch_has_begun() -> None:
    """Return when the child that tells of changes runs: by then everything has been looked at once."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if any("subscribe" in " ".join(child.cmdline()) for child in psutil.Process().children()):
            return
        threading.Event().wait(0.02)
    raise AssertionError("nobody watches the devices")


def test_changes_are_told_and_after_the_end_no_longer(on_rig: Rig, devices: SoundDevices) -> None:
    changed = threading.Event()
    assert devices.follow(changed.set)
    watch_has_begun()  # what is there before is no change
    with microphone(on_rig, "desk", "Desk") as desk:
        assert changed.wait(5)
        for change in (
            lambda: desk.mute(True),
            desk.become_default,
            desk.unplug,
            desk.plug,
        ):
            threading.Event().wait(0.3)
            changed.clear()
            change()
            assert changed.wait(5)
        on_rig.call("pactl", "set-default-source", "mic")
    devices.follow(None)
    changed.clear()
    with microphone(on_rig, "desk", "Desk"):
        assert not changed.wait(0.5)
