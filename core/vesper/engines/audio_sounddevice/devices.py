"""Finding and opening sound devices, by name.

PortAudio's list of devices is frozen when it is initialised, and its numbers mean other devices after a change.
So nothing keeps a number: the name is looked up whenever a stream is opened. Making the list anew closes every stream,
so it happens by itself when no microphone is open, and on `rescan` in a gap of the microphone's sound; what plays is
never cut for it. What was asked for by name and is away is replaced by the system's choice; `info` of what is opened
says which it is.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import Missing, VesperError
from vesper.engines.audio_sounddevice import microphone as microphone_file
from vesper.engines.audio_sounddevice import speaker as speaker_file
from vesper.engines.audio_sounddevice.microphone import SoundMicrophone
from vesper.engines.audio_sounddevice.speaker import SoundSpeaker
from vesper.ports.audio import DeviceInfo
from vesper.ports.engine import EngineInfo, Probe

Kind = Literal["input", "output"]

# The best of Windows' several interfaces: MME cuts names at 31 characters, WASAPI names devices as the system does.
_PREFERRED_INTERFACE = "Windows WASAPI"
_BUSY = -9985  # paDeviceUnavailable


class SoundDevices:
    """The machine's microphones and speakers, see `vesper.ports.audio.AudioDevices`."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.RLock()
        self._microphones: list[SoundMicrophone] = []
        self._speakers: list[SoundSpeaker] = []
        self._is_stale = False
        self._is_wanted = False

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["portaudio"]` is the version of the library."""
        return EngineInfo("sounddevice", facts={"portaudio": _library().get_portaudio_version()[1]})

    def open(self) -> None:
        """Load PortAudio. Raises Missing("audio.library_missing")."""
        _library()

    def close(self) -> None:
        """Nothing of its own is kept open: microphone and speaker are closed by themselves."""

    def probe(self) -> Probe:
        """Whether there is a microphone and a speaker; nothing is opened."""
        try:
            found = self.devices()
        except VesperError as error:
            return Probe("problem", error.sentence, error.hint)
        for kind, word in (("input", "microphone"), ("output", "speaker")):
            if not any(device.kind == kind for device in found):
                return Probe("problem", f"No {word} was found.", f"Plug in a {word}.")
        return Probe("ok", ", ".join(sorted({device.name for device in found if device.is_default})))

    def devices(self) -> Sequence[DeviceInfo]:
        """What is there; as fresh as the last moment without an open microphone, or the last `rescan`."""
        with self._lock:
            self._refresh()
            return [info for _, info in self._listed()]

    def open_microphone(self, name: str) -> SoundMicrophone:
        """See AudioDevices.open_microphone."""
        with self._lock:
            self._refresh()
            index, info = self._chosen(name, "input")
            microphone = SoundMicrophone(info, self._clock, lambda: self._closed(microphone))
            self._listen(microphone, index)
            self._microphones.append(microphone)
            return microphone

    def open_speaker(self, name: str) -> SoundSpeaker:
        """See AudioDevices.open_speaker. The stream itself begins with the first playback."""
        with self._lock:
            self._refresh()
            _, info = self._chosen(name, "output")

            def open_stream(speaker: SoundSpeaker, finished: Callable[[], None]) -> Any:
                with self._lock:
                    index, _ = self._chosen(info.name, "output")
                    return _opened(info, lambda sound: _output_stream(sound, index, speaker, finished=finished))

            speaker = SoundSpeaker(info, self._clock, open_stream=open_stream, on_close=lambda: self._closed(speaker))
            self._speakers.append(speaker)
            return speaker

    def rescan(self) -> None:
        """See AudioDevices.rescan. While something sounds the list stays as it is until the next look at it."""
        with self._lock:
            self._is_wanted = True
            self._refresh()

    def _refresh(self) -> None:
        """List the devices anew if that is wanted, or due and nobody listens; an open microphone misses a moment."""
        sound = _library()
        if not self._is_wanted and (not self._is_stale or self._microphones):
            return
        if not all(speaker.release() for speaker in self._speakers):
            return
        for microphone in self._microphones:
            microphone.pause()
        sound._terminate()
        sound._initialize()
        self._is_stale = self._is_wanted = False
        self._speakers = [speaker for speaker in self._speakers if not speaker.is_lost]
        for microphone in self._microphones:
            self._go_on(microphone)

    def _go_on(self, microphone: SoundMicrophone) -> None:
        """Open a paused microphone again; one that is away now is lost, like one that was unplugged."""
        try:
            index, info = self._chosen(microphone.info.name, "input")
            if (info.name, info.rate) == (microphone.info.name, microphone.info.rate):
                return self._listen(microphone, index)
        except Missing:
            pass
        microphone.lose()

    def _listen(self, microphone: SoundMicrophone, index: int) -> None:
        microphone.attach(_opened(microphone.info, lambda sound: _input_stream(sound, index, microphone)))

    def _closed(self, closed: SoundMicrophone | SoundSpeaker) -> None:
        with self._lock:
            self._microphones = [microphone for microphone in self._microphones if microphone is not closed]
            self._speakers = [speaker for speaker in self._speakers if speaker is not closed]
            self._is_stale = True

    def _chosen(self, name: str, kind: Kind) -> tuple[int, DeviceInfo]:
        candidates = [(index, info) for index, info in self._listed() if info.kind == kind]
        named = [entry for entry in candidates if name and _plain(entry[1].name) == _plain(name)]
        exact = [entry for entry in named if entry[1].name == name]
        default = [entry for entry in candidates if entry[1].is_default]
        for entry in (*exact, *named, *default, *candidates):
            return entry
        if kind == "input":
            raise Missing("microphone.missing", "No microphone was found.", "Plug one in; until then you can type.")
        raise Missing("speaker.missing", "No speaker was found.", "Plug one in; until then answers are shown.")

    def _listed(self) -> list[tuple[int, DeviceInfo]]:
        """PortAudio's number and the description of every device of the chosen interface."""
        sound = _library()
        interfaces = list(sound.query_hostapis())
        if not interfaces:
            return []
        preferred = [found for found in interfaces if found["name"] == _PREFERRED_INTERFACE]
        filled = [found for found in interfaces if found["devices"]]
        interface = (preferred or filled or interfaces)[0]
        return [
            (
                index,
                _described(sound.query_devices(index), kind, is_default=index == interface[f"default_{kind}_device"]),
            )
            for index in interface["devices"]
            for kind in ("input", "output")
            if sound.query_devices(index)[f"max_{kind}_channels"] > 0
        ]


def _described(device: Any, kind: Kind, *, is_default: bool) -> DeviceInfo:
    return DeviceInfo(str(device["name"]), kind, round(device["default_samplerate"]), is_default)


def _plain(name: str) -> str:
    """The name without ALSA's card number, which changes with the order in which devices were plugged in."""
    return name.split(" (hw:", maxsplit=1)[0]


def _library() -> Any:
    try:
        return importlib.import_module("sounddevice")  # Any: it comes without type information
    except (ImportError, OSError) as error:
        raise Missing(
            "audio.library_missing",
            "The sound library PortAudio is not installed.",
            'On Debian and Ubuntu "sudo apt install libportaudio2" brings it.',
        ) from error


def _input_stream(sound: Any, index: int, microphone: SoundMicrophone) -> Any:
    rate = microphone.info.rate
    return sound.RawInputStream(
        device=index,
        samplerate=rate,
        channels=1,
        dtype="float32",
        blocksize=round(rate * microphone_file.BLOCK_S),
        latency="high",
        callback=microphone.take,
        finished_callback=microphone.finished,
    )


def _output_stream(sound: Any, index: int, speaker: SoundSpeaker, *, finished: Callable[[], None]) -> Any:
    rate = speaker.info.rate
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


def _opened(info: DeviceInfo, make: Callable[[Any], Any]) -> Any:
    """Open and start a stream. Raises Missing with what to do."""
    sound = _library()
    try:
        stream = make(sound)
    except sound.PortAudioError as error:
        raise _refused(info, error) from error
    try:
        stream.start()
    except sound.PortAudioError as error:
        stream.close(ignore_errors=True)
        raise _refused(info, error) from error
    return stream


def _refused(info: DeviceInfo, error: Any) -> Missing:
    word = "microphone" if info.kind == "input" else "speaker"
    if len(error.args) > 1 and error.args[1] == _BUSY:
        return Missing(
            f"{word}.busy",
            f'The {word} "{info.name}" is used by another program or was unplugged.',
            f"Close that program, or choose another {word} in the settings.",
        )
    return Missing(
        f"{word}.missing", f'The {word} "{info.name}" cannot be opened.', f"Choose another {word} in the settings."
    )
