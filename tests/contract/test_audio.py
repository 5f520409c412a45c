"""What every engine of the role "audio" keeps to: real devices on a software sound card, and files in their place."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.rig import Rig
from tests.support.speech import faint_noise, write_wav
from vesper.base.clock import SystemClock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines import ENGINES
from vesper.engines.audio_sounddevice.sound_server import SoundServer
from vesper.ports.audio import FRAME_SAMPLES, AudioDevices, AudioFrame, Microphone, Speaker

RATE = 22_050
NAMES = [spec.name for spec in ENGINES if spec.role == "audio"]


def make(name: str) -> Callable[..., Any]:
    module, _, cls = next(spec.target for spec in ENGINES if spec.name == name).partition(":")
    return getattr(importlib.import_module(module), cls)


@pytest.fixture(params=NAMES)
def devices(request: pytest.FixtureRequest, tmp_path, monkeypatch) -> Iterator[AudioDevices]:
    if request.param == "wavfile":
        yield make("wavfile")(write_wav(tmp_path / "room.wav", faint_noise(30.0)), tmp_path / "out")
        return
    rig = request.getfixturevalue("rig")
    for variable in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(variable, rig.env[variable])
    engine = make(request.param)()
    engine.rescan()
    yield engine
    engine.rescan()


def read_frames(microphone: Microphone, count: int) -> list[AudioFrame]:
    frames: list[AudioFrame] = []
    while len(frames) < count:
        frames += microphone.read(1.0)
    return frames


def tone(seconds: float) -> np.ndarray:
    return (0.2 * np.sin(2 * np.pi * 440 * np.arange(round(RATE * seconds)) / RATE)).astype(np.float32)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await SystemClock().sleep(0.01)


def test_there_is_a_microphone_and_a_speaker_and_each_says_what_it_is(devices):
    found = devices.devices()
    assert {device.kind for device in found} == {"input", "output"}
    assert all(device.name and device.rate > 0 for device in found)


def test_the_microphone_gives_frames_without_gaps_on_the_monotonic_clock(devices):
    microphone = devices.open_microphone("")
    frames = read_frames(microphone, 50)
    microphone.close()

    assert {len(frame.samples) for frame in frames} == {FRAME_SAMPLES}
    assert {frame.samples.dtype for frame in frames} == {np.dtype(np.float32)}
    steps = {b.first_sample - a.first_sample for a, b in pairwise(frames)}
    assert steps == {FRAME_SAMPLES}
    assert microphone.dropped == 0


def test_capture_times_move_on_with_the_sound(devices):
    microphone = devices.open_microphone("")
    read_frames(microphone, 150)  # the software sound card settles
    frames = read_frames(microphone, 100)
    microphone.close()
    assert 0.8 < frames[-1].captured_at - frames[0].captured_at < 1.3


def test_an_unknown_name_opens_what_the_system_chose_and_says_so(devices):
    microphone = devices.open_microphone("a microphone nobody has")
    microphone.close()
    assert microphone.info.name in {device.name for device in devices.devices()}


def test_a_closed_microphone_gives_nothing_any_more(devices):
    microphone = devices.open_microphone("")
    read_frames(microphone, 1)
    microphone.close()
    microphone.close()
    with pytest.raises((EOFError, DeviceLost)):
        microphone.read(0.1)


def test_a_microphone_can_be_closed_and_opened_again(devices):
    for _ in range(2):
        microphone = devices.open_microphone("")
        assert read_frames(microphone, 5)[0].first_sample == 0
        microphone.close()


async def test_a_playback_ends_when_it_was_heard(devices):
    speaker = await asyncio.to_thread(devices.open_speaker, "")
    playback = await asyncio.to_thread(speaker.play, RATE)
    for piece in np.split(tone(0.4), 4):
        playback.append(piece)
    playback.finish()
    async with asyncio.timeout(5):
        await playback.ended()
    assert playback.is_over
    assert playback.started_at is not None
    assert playback.played_s == pytest.approx(0.4, abs=0.01)
    await asyncio.to_thread(speaker.close)


async def test_a_flush_is_quick_and_what_comes_after_it_is_ignored(devices):
    clock = SystemClock()
    speaker = await asyncio.to_thread(devices.open_speaker, "")
    playback = await asyncio.to_thread(speaker.play, RATE)
    playback.append(tone(5.0))
    await until(lambda: playback.played_s >= 0.2)

    start = clock.monotonic()
    playback.flush()
    playback.append(tone(5.0))
    async with asyncio.timeout(1):
        await playback.ended()

    assert clock.monotonic() - start < 0.3
    assert 0.2 <= playback.played_s < 0.5
    await asyncio.to_thread(speaker.close)


async def test_closing_the_speaker_ends_what_plays(devices):
    speaker = await asyncio.to_thread(devices.open_speaker, "")
    playback = await asyncio.to_thread(speaker.play, RATE)
    playback.append(tone(5.0))
    await asyncio.to_thread(speaker.close)
    async with asyncio.timeout(1):
        await playback.ended()
    assert playback.is_over


async def test_a_playback_without_sound_ends_as_soon_as_it_is_finished(devices):
    speaker = await asyncio.to_thread(devices.open_speaker, "")
    playback = await asyncio.to_thread(speaker.play, RATE)
    playback.finish()
    async with asyncio.timeout(1):
        await playback.ended()
    assert (playback.started_at, playback.played_s) == (None, 0.0)
    await asyncio.to_thread(speaker.close)


def test_the_probe_says_it_is_well(devices):
    assert devices.probe().state == "ok"


def test_what_is_played_reaches_the_sound_card_and_a_flush_silences_it(rig, monkeypatch):
    for variable in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(variable, rig.env[variable])
    devices = make("sounddevice")()
    devices.rescan()
    speaker = devices.open_speaker("")
    with rig.record() as recording:
        playback = speaker.play(RATE)
        playback.append(tone(3.0))
        asyncio.run(until(lambda: playback.played_s >= 0.5))
        playback.flush()
        asyncio.run(playback.ended())
        asyncio.run(SystemClock().sleep(0.5))
    speaker.close()
    heard = np.flatnonzero(np.abs(recording.samples) > 0.01)
    assert (heard[-1] - heard[0]) / 16_000 == pytest.approx(playback.played_s, abs=0.12)


NO_SOUND_CARD = """
from vesper.base.errors import Missing
from vesper.engines.audio_sounddevice import SoundDevices
for open_it in (SoundDevices().open_microphone, SoundDevices().open_speaker):
    try:
        open_it("")
    except Missing as missing:
        print(missing.code, missing.exit_code)
"""


# Where there is a card, ALSA cannot open it any more.
NO_CARDS = """
</usr/share/alsa/alsa.conf>
pcm.!hw { type nowhere }
ctl.!hw { type nowhere }
pcm.!default { type nowhere }
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only ALSA can be told that there is no sound card")
def test_without_a_sound_card_both_ways_are_told_to_be_missing(tmp_path):
    (config := tmp_path / "alsa.conf").write_text(NO_CARDS)
    env = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "ALSA_CONFIG_PATH": str(config)}
    env.pop("PULSE_SERVER", None)
    command = [sys.executable, "-c", NO_SOUND_CARD]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["microphone.missing", "3", "speaker.missing", "3"]


def test_without_portaudio_the_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(Missing) as missing:
        make("sounddevice")().open()
    assert missing.value.code == "audio.library_missing"
    assert "libportaudio2" in missing.value.hint


@pytest.fixture
def plugged(rig, monkeypatch) -> Iterator[Callable[[str], None]]:
    """`plugged(name)` adds a speaker of this name to the machine, while everything runs."""
    for variable in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(variable, rig.env[variable])
    config = Path(rig.env["HOME"]) / ".asoundrc"
    before, modules = config.read_text(), list[str]()

    def plug(name: str) -> None:
        modules.append(rig.call("pactl", "load-module", "module-null-sink", f"sink_name={name}", "norewinds=1"))
        config.write_text(f"{config.read_text()}pcm.{name} {{ type pulse device {name} }}\n")

    yield plug
    config.write_text(before)
    for module in modules:
        rig.call("pactl", "unload-module", module)


def without_server() -> AudioDevices:
    """Devices that know PortAudio's list alone, as where there is no sound server."""
    devices = make("sounddevice")(server=SoundServer(lambda *_: None))
    devices.rescan()
    return devices


def names(devices: AudioDevices) -> set[str]:
    return {device.name for device in devices.devices()}


def test_what_is_plugged_in_while_sound_is_open_is_found_by_a_rescan(rig, plugged):
    devices = without_server()
    microphone, speaker = devices.open_microphone(""), devices.open_speaker("")
    before = read_frames(microphone, 20)
    asyncio.run(heard_whole(speaker))
    plugged("harbour")
    assert "harbour" not in names(devices)

    devices.rescan()
    assert "harbour" in names(devices)
    after = read_frames(microphone, 20)
    counted_s = (after[-1].first_sample - before[-1].first_sample) / 16_000
    assert counted_s == pytest.approx(after[-1].captured_at - before[-1].captured_at, abs=0.15), "true to time"
    with rig.record() as recording:
        asyncio.run(heard_whole(speaker))
    assert recording.loudness > 0.05
    microphone.close()
    speaker.close()


def test_a_change_that_must_wait_for_what_sounds_is_told_again_and_found_then(plugged):
    devices = without_server()
    speaker = devices.open_speaker("")
    told = threading.Event()
    devices.follow(told.set)
    playback = speaker.play(RATE)
    playback.append(tone(1.0))
    playback.finish()
    asyncio.run(until(lambda: playback.played_s >= 0.2))
    plugged("pier")
    devices._changed()  # as the watch calls it
    assert "pier" not in names(devices)
    asyncio.run(playback.ended())
    told.clear()
    assert told.wait(5)
    speaker.close()
    assert "pier" in names(devices)
    devices.close()


def test_a_rescan_cuts_nothing_that_sounds(plugged):
    devices = without_server()
    speaker = devices.open_speaker("")
    playback = speaker.play(RATE)
    playback.append(tone(1.0))
    playback.finish()
    asyncio.run(until(lambda: playback.played_s >= 0.2))
    plugged("quay")
    devices.rescan()
    assert "quay" not in names(devices)
    asyncio.run(playback.ended())
    assert playback.played_s == pytest.approx(1.0, abs=0.01)
    asyncio.run(until(lambda: "quay" in names(devices)))
    speaker.close()


class Headset:
    """A second speaker."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._module = ""

    def plug(self) -> None:
        words = ("sink_name=headset", "norewinds=1", "sink_properties='device.description=\"Headset\"'")
        self._module = self._rig.call("pactl", "load-module", "module-null-sink", *words)

    def unplug(self) -> None:
        if self._module:
            module, self._module = self._module, ""
            self._rig.call("pactl", "unload-module", module)


@pytest.fixture
def headset(on_rig) -> Iterator[Headset]:
    made = Headset(on_rig)
    made.plug()
    yield made
    made.unplug()
    on_rig.call("pactl", "set-default-sink", "speaker")


def sink_of_playback(rig) -> str:
    """The sink on which this process plays."""
    own = [s for s in listed(rig, "sink-inputs") if s["properties"].get("application.process.id") == str(os.getpid())]
    return next(sink["name"] for sink in listed(rig, "sinks") if sink["index"] == own[0]["sink"])


def listed(rig, what: str) -> list[dict[str, Any]]:
    return json.loads(rig.call("pactl", "-f", "json", "list", what))


@pytest.mark.parametrize(
    ("asked", "begins_on", "change", "goes_on_on"),
    [
        ("", "speaker", lambda rig, headset, speaker: rig.call("pactl", "set-default-sink", "headset"), "headset"),
        ("Headset", "headset", lambda rig, headset, speaker: headset.unplug(), "speaker"),
        ("", "speaker", lambda rig, headset, speaker: speaker.use("Headset"), "headset"),
        ("Headset", "headset", lambda rig, headset, speaker: speaker.use(""), "speaker"),
    ],
    ids=["another-default", "unplugged", "chosen", "left-to-the-system"],
)
def test_what_is_said_goes_on_on_another_speaker(on_rig, headset, *, asked, begins_on, change, goes_on_on):
    devices = make("sounddevice")()
    devices.rescan()
    speaker = devices.open_speaker(asked)
    assert bool(speaker.info.id) == bool(asked), "what is left to the system is not aimed anywhere"
    playback = speaker.play(RATE)
    playback.append(tone(1.5))
    playback.finish()
    asyncio.run(until(lambda: playback.played_s >= 0.4))
    assert sink_of_playback(on_rig) == begins_on
    change(on_rig, headset, speaker)
    asyncio.run(until(lambda: sink_of_playback(on_rig) == goes_on_on))
    assert not playback.is_over
    asyncio.run(playback.ended())
    assert playback.played_s == pytest.approx(1.5, abs=0.01)
    speaker.close()


def test_a_speaker_that_was_chosen_and_comes_back_speaks_with_the_next_sentence(on_rig, headset):
    devices = make("sounddevice")()
    devices.rescan()
    headset.unplug()
    speaker = devices.open_speaker("Headset")
    assert speaker.info.name != "Headset"
    headset.plug()
    on_rig.call("pactl", "set-default-sink", "speaker")
    playback = speaker.play(RATE)
    playback.append(tone(0.5))
    asyncio.run(until(lambda: playback.played_s >= 0.1))
    assert sink_of_playback(on_rig) == "headset"
    assert speaker.info.name == "Headset"
    speaker.close()


def test_a_sentence_goes_on_after_the_sound_server_cut_it_off(on_rig, monkeypatch):
    socket = on_rig.folder / "cut.sock"
    words = ("load-module", "module-native-protocol-unix", f"socket={socket}", "auth-anonymous=1")
    module = on_rig.call("pactl", *words)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{socket}")
    devices = make("sounddevice")()
    devices.rescan()
    speaker = devices.open_speaker("")
    with on_rig.record() as recording:
        playback = speaker.play(RATE)
        playback.append(tone(1.5))
        playback.finish()
        asyncio.run(until(lambda: playback.played_s >= 0.5))
        on_rig.call("pactl", "unload-module", module)
        socket.unlink(missing_ok=True)
        module = on_rig.call("pactl", *words)
        asyncio.run(playback.ended())
        asyncio.run(SystemClock().sleep(0.5))
    speaker.close()
    on_rig.call("pactl", "unload-module", module)
    assert playback.played_s == pytest.approx(1.5, abs=0.01)
    blocks = np.abs(recording.samples[: len(recording.samples) // 160 * 160]).reshape(-1, 160).max(axis=1)
    assert np.count_nonzero(blocks > 0.02) / 100 == pytest.approx(1.5, abs=0.25), "nothing lost, little said twice"


async def heard_whole(speaker: Speaker) -> None:
    playback = await asyncio.to_thread(speaker.play, RATE)
    playback.append(tone(0.4))
    playback.finish()
    await playback.ended()
    assert playback.played_s == pytest.approx(0.4, abs=0.01)
    await SystemClock().sleep(0.3)
