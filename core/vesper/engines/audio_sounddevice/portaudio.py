"""PortAudio as it is used here: its list of devices, its streams, and its refusals in words people understand."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Literal

from vesper.base.errors import Missing
from vesper.engines.audio_sounddevice import microphone as microphone_file
from vesper.engines.audio_sounddevice import speaker as speaker_file
from vesper.engines.audio_sounddevice.microphone import SoundMicrophone
from vesper.engines.audio_sounddevice.speaker import SoundSpeaker
from vesper.ports.audio import DeviceInfo

Kind = Literal["input", "output"]
Listed = tuple[int, DeviceInfo]

# The best of Windows' several interfaces: MME cuts names at 31 characters, WASAPI names devices as the system does.
_PREFERRED_INTERFACE = "Windows WASAPI"
_UNAVAILABLE = -9985  # paDeviceUnavailable
_HOST_ERROR = -9999  # paUnanticipatedHostError, with the system's own number behind it
_IN_USE = -2004287478  # AUDCLNT_E_DEVICE_IN_USE: Windows, another program has it for itself
_SERVERS = ("pulse", "pipewire")  # the sound server as ALSA's plug-ins offer it
# A headset's microphone halves the rate of the whole headset; its name or its rate gives it away.
_CALL_NAMES = ("hands-free", "handsfree", "hands free", "(hfp)", "headset (bluetooth")
_MOST_CHANNELS = 8


def library() -> Any:
    """The package sounddevice, which comes without type information. Raises Missing("audio.library_missing")."""
    try:
        return importlib.import_module("sounddevice")
    except (ImportError, OSError) as error:
        raise Missing(
            "audio.library_missing",
            "The sound library PortAudio is not installed.",
            'On Debian and Ubuntu "sudo apt install libportaudio2" brings it.',
        ) from error


def rebuild() -> None:
    """Let PortAudio make its list anew. Every stream must have been closed before."""
    sound = library()
    sound._terminate()
    sound._initialize()


def listed() -> list[Listed]:
    """PortAudio's number and the description of every device of the chosen interface."""
    sound = library()
    interfaces = list(sound.query_hostapis())
    if not interfaces:
        return []
    preferred = [found for found in interfaces if found["name"] == _PREFERRED_INTERFACE]
    filled = [found for found in interfaces if found["devices"]]
    interface = (preferred or filled or interfaces)[0]
    kinds: tuple[Kind, ...] = ("input", "output")
    return [
        (index, _described(sound.query_devices(index), kind, is_default=index == interface[f"default_{kind}_device"]))
        for index in interface["devices"]
        for kind in kinds
        if sound.query_devices(index)[f"max_{kind}_channels"] > 0
    ]


def server_index() -> int | None:
    """PortAudio's number of the sound server; None where it is not reached through PortAudio."""
    names = {info.name: index for index, info in listed()}
    return next((names[name] for name in _SERVERS if name in names), None)


def plain(name: str) -> str:
    """The name without ALSA's card number, which changes with the order in which devices were plugged in."""
    return name.split(" (hw:", maxsplit=1)[0]


def open_input(index: int, microphone: SoundMicrophone) -> Any:
    """A running stream into the microphone's `take`. Raises Missing with what to do."""
    rate = microphone.info.rate

    def make(sound: Any) -> Any:
        return sound.RawInputStream(
            device=index,
            samplerate=rate,
            channels=microphone.channels,
            dtype="float32",
            blocksize=round(rate * microphone_file.BLOCK_S),
            latency="high",
            callback=microphone.take,
            finished_callback=microphone.finished,
        )

    return _opened(microphone.info, make)


def open_output(index: int, speaker: SoundSpeaker, finished: Callable[[], None]) -> Any:
    """A running stream out of the speaker's `fill`. Raises Missing with what to do."""
    rate = speaker.rate

    def make(sound: Any) -> Any:
        return sound.RawOutputStream(
            device=index,
            samplerate=rate,
            channels=1,
            dtype="float32",
            blocksize=round(rate * speaker_file.BLOCK_S),
            latency=speaker_file.LATENCY_S,
            callback=speaker.fill,
            finished_callback=finished,
        )

    return _opened(speaker.info, make)


def _described(device: Any, kind: Kind, *, is_default: bool) -> DeviceInfo:
    name, rate = str(device["name"]), round(device["default_samplerate"])
    is_call = kind == "input" and (rate <= 16_000 or any(word in name.lower() for word in _CALL_NAMES))
    channels = int(device[f"max_{kind}_channels"])
    if kind == "output" or channels > _MOST_CHANNELS:  # plug-ins such as "default" say 32 and mix what they are given
        channels = 1
    return DeviceInfo(name, kind, rate, is_default, channels=channels, is_call_quality=is_call)


def _opened(info: DeviceInfo, make: Callable[[Any], Any]) -> Any:
    sound = library()
    try:
        stream = make(sound)
    except sound.PortAudioError as error:
        raise refused(info, error) from error
    try:
        stream.start()
    except sound.PortAudioError as error:
        stream.close(ignore_errors=True)
        raise refused(info, error) from error
    return stream


def refused(info: DeviceInfo, error: Any) -> Missing:
    """Why a device could not be opened, as one sentence with what to do; `error` is a PortAudioError."""
    word = "microphone" if info.kind == "input" else "speaker"
    number = error.args[1] if len(error.args) > 1 else None
    host_number = error.args[2][1] if number == _HOST_ERROR and len(error.args) > 2 else None
    if number == _UNAVAILABLE or host_number == _IN_USE:
        return Missing(
            f"{word}.busy",
            f'The {word} "{info.name}" is used by another program or was unplugged.',
            f"Close that program, or choose another {word} in the settings.",
        )
    return Missing(
        f"{word}.missing", f'The {word} "{info.name}" cannot be opened.', f"Choose another {word} in the settings."
    )
