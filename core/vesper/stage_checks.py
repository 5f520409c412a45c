"""What selfcheck asks of each stage. A running voice loop is asked how it is; otherwise each engine is opened, tried
and closed again, so that `vesper selfcheck` finds what is missing before anybody speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from vesper.audio.ears import dbfs
from vesper.base.events import UnwantedWakes
from vesper.base.settings_file import SettingsFile
from vesper.dialogue.late import LateResponder
from vesper.model_store.catalog import Catalog
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.audio import AudioDevices
from vesper.ports.engine import Probe
from vesper.ports.wake import WakeWordDetector
from vesper.selfcheck import Check
from vesper.voice.microphone_choice import in_order
from vesper.voice.speech_engines import Opened
from vesper.voice.voice_loop import VoiceLoop

_LISTEN_S = 0.5


class Probed(Opened, Protocol):
    """An engine that can be opened, asked and closed."""

    async def probe(self) -> Probe:
        """Whether it works."""
        ...


@dataclass(frozen=True, slots=True)
class StageEngines:
    """What is tried when no voice loop runs; `wake`, `activity` and `stt` make a fresh engine."""

    devices: AudioDevices
    wake: Callable[[], WakeWordDetector]
    activity: Callable[[], VoiceActivityDetector]
    stt: Callable[[], Probed]
    tts: Probed


def stage_checks(
    engines: StageEngines,
    *,
    settings: SettingsFile,
    responder: LateResponder,
    storage: Check,
    voice: VoiceLoop | None,
    wakes: Callable[[], UnwantedWakes],
) -> dict[str, Check]:
    """The checks by stage. Stages without one are off. `wakes` tells how often nobody wanted anything."""
    return {
        "microphone": lambda: _microphone(engines.devices, settings, voice),
        "wake": lambda: _wake(engines.wake, settings, wakes),
        "vad": lambda: asyncio.to_thread(_activity, engines.activity),
        "stt": lambda: _opened_and_probed(engines.stt()),
        "understanding": lambda: _understanding(responder),
        "storage": storage,
        "tts": lambda: _opened_and_probed(engines.tts),
        "speaker": lambda: _speaker(engines.devices, settings),
        "models": lambda: asyncio.to_thread(_models),
    }


async def _microphone(devices: AudioDevices, settings: SettingsFile, voice: VoiceLoop | None) -> Probe:
    if settings.get("audio.muted"):
        return Probe("off", "switched off", "Switch it on with `vesper --unmute` or in the window.")
    if voice is not None and voice.parts.microphone.is_open:
        return Probe("ok", voice.parts.microphone.name)
    return await asyncio.to_thread(_listened, devices, settings.current.audio.input_device)


def _listened(devices: AudioDevices, ranked: Sequence[str]) -> Probe:
    """Open the right microphone and hear whether anything arrives that is more than zeros."""
    best = next(iter(in_order(ranked, devices.devices())), None)
    microphone = devices.open_microphone("" if best is None else best.name)
    try:
        frames = [frame for _ in range(3) for frame in microphone.read(_LISTEN_S)]
    finally:
        microphone.close()
    if not frames:
        return Probe("problem", f"{microphone.info.name} delivers no sound", "Check its cable or choose another one.")
    level = max(dbfs(frame.samples) for frame in frames)
    if level <= -119:
        return Probe("problem", f"{microphone.info.name} delivers silence only", "Check that it is not muted.")
    return Probe("ok", f"{microphone.info.name}, {level:.0f} dBFS")


async def _wake(
    make: Callable[[], WakeWordDetector], settings: SettingsFile, wakes: Callable[[], UnwantedWakes]
) -> Probe:
    """The detector, and how often it woke Vesper for nothing: advice is no problem, so the stage stays as it is."""
    found = await asyncio.to_thread(_detector, make, settings)
    if found.state != "ok":
        return found
    told = wakes()
    return Probe("ok", f"{found.detail}. {told.sentence}", told.hint)


def _detector(make: Callable[[], WakeWordDetector], settings: SettingsFile) -> Probe:
    detector = make()
    wake = settings.current.wake
    try:
        detector.open()
        detector.listen_for(wake.phrases, wake.sensitivity)
        return detector.probe()
    finally:
        detector.close()


def _activity(make: Callable[[], VoiceActivityDetector]) -> Probe:
    detector = make()
    try:
        detector.open()
        return detector.probe()
    finally:
        detector.close()


async def _opened_and_probed(engine: Probed) -> Probe:
    await engine.open()
    return await engine.probe()


async def _understanding(responder: LateResponder) -> Probe:
    count = len((await responder.ready()).intents)
    return Probe("ok", f"{count} intents")


async def _speaker(devices: AudioDevices, settings: SettingsFile) -> Probe:
    name = str(settings.get("audio.output_device"))
    speaker = await asyncio.to_thread(devices.open_speaker, name)
    await asyncio.to_thread(speaker.close)
    return Probe("ok", speaker.info.name)


def _models() -> Probe:
    """Every model that comes with a dependency is the one that was tested, file by file."""
    found = Catalog.load().verify()
    bad = [check for check in found if check.state != "ok"]
    if not bad:
        return Probe("ok", f"{len(found)} models verified")
    names = ", ".join(f"{check.entry.title} is {check.state}" for check in bad)
    return Probe("problem", names, "Install Vesper's dependencies again: `python3 installer/bootstrap.py setup`.")
