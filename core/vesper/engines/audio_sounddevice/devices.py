"""Finding and opening sound devices, by name.

Where there is a sound server, it is asked which devices there are, a stream is aimed at one of them, and the server
says afterwards where it really lies. Elsewhere PortAudio's list is used: it is frozen when PortAudio is initialised,
and its numbers mean other devices after a change. So nothing keeps a number: the name is looked up whenever a stream
is opened. Making the list anew closes every stream, so it happens by itself when no microphone is open, and on
`rescan` in a gap of the microphone's sound; what plays is never cut for it. What was asked for by name and is away is
replaced by the system's choice; `info` of what is opened says which it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import Missing, VesperError
from vesper.engines.audio_sounddevice import portaudio
from vesper.engines.audio_sounddevice.device_watch import DeviceWatch
from vesper.engines.audio_sounddevice.microphone import SoundMicrophone
from vesper.engines.audio_sounddevice.portaudio import Kind, Listed
from vesper.engines.audio_sounddevice.sound_server import SoundServer, aimed_at
from vesper.engines.audio_sounddevice.speaker import SoundSpeaker
from vesper.ports.audio import DeviceInfo
from vesper.ports.engine import EngineInfo, Probe

_LOOK_AGAIN_S = 1.0


class SoundDevices:
    """The machine's microphones and speakers, see `vesper.ports.audio.AudioDevices`."""

    def __init__(self, clock: Clock | None = None, server: SoundServer | None = None) -> None:
        self._clock = clock or SystemClock()
        self._server = server or SoundServer()
        self._watch: DeviceWatch | None = None
        self._on_change: Callable[[], None] | None = None
        self._lock = threading.RLock()
        self._microphones: list[SoundMicrophone] = []
        self._speakers: list[SoundSpeaker] = []
        self._is_stale = False
        self._is_wanted = False
        self._is_served = False

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["portaudio"]` is the version of the library."""
        return EngineInfo("sounddevice", facts={"portaudio": portaudio.library().get_portaudio_version()[1]})

    def open(self) -> None:
        """Load PortAudio. Raises Missing("audio.library_missing")."""
        portaudio.library()

    def close(self) -> None:
        """End the watch; microphone and speaker are closed by themselves."""
        self.follow(None)

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
        """What is there: now, where a sound server is asked, else at the last moment when PortAudio's list was made."""
        with self._lock:
            return [info for _, info in self._listed()]

    def open_microphone(self, name: str) -> SoundMicrophone:
        """See AudioDevices.open_microphone."""
        with self._lock:
            index, info = _chosen(self._listed(), name, "input")
            microphone = SoundMicrophone(info, self._clock, lambda: self._closed(microphone), is_quiet=self._is_quiet)
            self._listen(microphone, index)
            self._microphones.append(microphone)
            return microphone

    def open_speaker(self, name: str) -> SoundSpeaker:
        """See AudioDevices.open_speaker. A stream begins with each playback, on the device that is right by then."""
        with self._lock:
            _, info = self._output(name)
            speaker = SoundSpeaker(
                info,
                self._clock,
                name=name,
                open_stream=self._open_output,
                on_close=lambda: self._closed(speaker),
                on_lost=self.rescan,
            )
            self._speakers.append(speaker)
            return speaker

    def _open_output(self, speaker: SoundSpeaker, finished: Callable[[], None]) -> Any:
        with self._lock:
            index, speaker.info = self._output(speaker.name)
            with aimed_at(speaker.info):
                return portaudio.open_output(index, speaker, finished)

    def _output(self, name: str) -> Listed:
        """The speaker of this name if it is there, else where the sound server puts it: it moves that along with the
        system's choice. What the watch saw last is good enough, because the first word must not wait for a question."""
        state = self._watch.state if self._watch is not None else None
        index = portaudio.server_index() if state is not None else None
        listed = self._listed() if state is None or index is None else [(index, info) for info in state.devices]
        index, info = _chosen(listed, name, "output")
        is_asked_for = bool(name) and name in (info.name, info.id)
        return index, info if is_asked_for else replace(info, id="")

    def rescan(self) -> None:
        """See AudioDevices.rescan. While something sounds the list stays as it is until the next look at it.

        A sound server's list is never old, so an open microphone is left alone there.
        """
        with self._lock:
            if not (self._is_served and self._microphones):
                self._is_wanted = True
                self._refresh()

    def follow(self, on_change: Callable[[], None] | None) -> bool:
        """See AudioDevices.follow."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
        self._on_change = on_change
        if on_change is not None:
            self._watch = DeviceWatch(self._server, self._changed)
            self._watch.start()
        return True

    def _changed(self) -> None:
        """In the watch's thread: a sound server's list is asked for anyway, PortAudio's must be made anew."""
        if self._watch is not None and self._watch.state is None:
            self._is_wanted = True
        self._tell()

    def _tell(self) -> None:
        if (on_change := self._on_change) is not None:
            on_change()

    def _listed(self) -> list[Listed]:
        """PortAudio's number and the description of every device, as new as may be without cutting anything off."""
        state = self._server.look()
        if state is None:
            self._is_served = False
            self._refresh()
            return portaudio.listed()
        index = portaudio.server_index()
        if index is None:  # the server was started after PortAudio
            self._is_wanted = True
            self._refresh()
            index = portaudio.server_index()
        self._is_served = index is not None
        return portaudio.listed() if index is None else [(index, info) for info in state.devices]

    def _refresh(self) -> None:
        """Rebuild PortAudio if that is wanted, or due and nobody listens; an open microphone misses a moment."""
        portaudio.library()
        if not self._is_wanted and (not self._is_stale or self._microphones):
            return
        if not all(speaker.release() for speaker in self._speakers):
            later = threading.Timer(_LOOK_AGAIN_S, self._tell)
            later.daemon = True
            later.start()
            return
        for microphone in self._microphones:
            microphone.pause()
        portaudio.rebuild()
        self._is_stale = self._is_wanted = False
        self._speakers = [speaker for speaker in self._speakers if not speaker.is_lost]
        for microphone in self._microphones:
            self._go_on(microphone)

    def _go_on(self, microphone: SoundMicrophone) -> None:
        """Open a paused microphone again; one that is away now is lost, like one that was unplugged."""
        served = portaudio.server_index() if microphone.info.id else None
        try:
            if served is not None:
                return self._listen(microphone, served)
            index, info = _chosen(portaudio.listed(), microphone.info.name, "input")
            if (info.name, info.rate) == (microphone.info.name, microphone.info.rate):
                return self._listen(microphone, index)
        except Missing:
            pass
        microphone.lose()

    def _listen(self, microphone: SoundMicrophone, index: int) -> None:
        with aimed_at(microphone.info):
            microphone.attach(portaudio.open_input(index, microphone))
        if microphone.info.id:
            self._check(microphone)

    def _check(self, microphone: SoundMicrophone) -> None:
        """Ask the server where the stream lies: its own rules, or the user's, may have put it elsewhere."""
        found = self._server.device_of_newest_stream("input")
        if found is None or found == microphone.info.id:
            return
        state = self._server.look()
        others = [info for info in state.devices if info.id == found] if state else []
        microphone.info = others[0] if others else replace(microphone.info, name=found, id=found)

    def _is_quiet(self) -> bool:
        return all(speaker.is_resting for speaker in self._speakers)

    def _closed(self, closed: SoundMicrophone | SoundSpeaker) -> None:
        with self._lock:
            self._microphones = [microphone for microphone in self._microphones if microphone is not closed]
            self._speakers = [speaker for speaker in self._speakers if speaker is not closed]
            self._is_stale = True


def _chosen(listed: Sequence[Listed], name: str, kind: Kind) -> Listed:
    """The device of this name or id, else the system's choice, else any. Raises Missing when there is none."""
    candidates = [entry for entry in listed if entry[1].kind == kind]
    exact = [entry for entry in candidates if name and name in (entry[1].name, entry[1].id)]
    named = [entry for entry in candidates if name and portaudio.plain(entry[1].name) == portaudio.plain(name)]
    default = [entry for entry in candidates if entry[1].is_default]
    for entry in (*exact, *named, *default, *candidates):
        return entry
    if kind == "input":
        raise Missing("microphone.missing", "No microphone was found.", "Plug one in; until then you can type.")
    raise Missing("speaker.missing", "No speaker was found.", "Plug one in; until then answers are shown.")
