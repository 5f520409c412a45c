"""Output: the one speaker that answers, earcons and ringing share; opened when first needed, and again when lost.

A machine without a speaker still shows its answers: every failure is published once as a problem, and whoever
wanted to play learns that nothing will sound.
"""

from __future__ import annotations

import asyncio

from vesper.base.bus import EventBus
from vesper.base.errors import Missing, VesperError
from vesper.base.events import DeviceBack, DeviceLostEvent
from vesper.base.settings_file import SettingsFile
from vesper.ports.audio import AudioDevices, Playback, PlaybackKind, Samples, Speaker

_OPEN_TIMEOUT_S = 5.0


class Output:
    """Plays sound through the chosen speaker. Belongs to the core's loop; `silence` may come from any thread."""

    def __init__(self, devices: AudioDevices, settings: SettingsFile, bus: EventBus) -> None:
        self._devices = devices
        self._settings = settings
        self._bus = bus
        self._speaker: Speaker | None = None
        self._playbacks: list[Playback] = []
        self._told: str = ""
        self._is_lost = False
        self._silences = 0
        self._opening = asyncio.Lock()

    async def play(self, rate: int, *, gain: float = 1.0, kind: PlaybackKind = "voice") -> Playback | None:
        """Begin a playback, or None when no speaker can be opened (told once as a problem).

        Opening a speaker takes time: what is silenced meanwhile begins flushed.
        """
        silences = self._silences
        try:
            speaker = await self._ready()
            playback = await asyncio.to_thread(speaker.play, rate, gain=gain, kind=kind)
        except VesperError as error:
            self._lose(error)
            return None
        self._told = ""
        if self._is_lost:
            self._is_lost = False
            self._bus.publish(DeviceBack(device=speaker.info.name, kind="output"))
        self._playbacks = [p for p in self._playbacks if not p.is_over]
        self._playbacks.append(playback)
        if self._silences != silences:
            playback.flush()
        return playback

    async def play_once(self, samples: Samples, rate: int, *, gain: float = 1.0) -> Playback | None:
        """Play a short sound that is no speech; returns its playback without waiting for the end."""
        playback = await self.play(rate, gain=gain, kind="sound")
        if playback is not None:
            playback.append(samples)
            playback.finish()
        return playback

    def silence(self) -> None:
        """Flush everything that sounds. Any thread; silent within 50 ms."""
        self._silences += 1
        for playback in tuple(self._playbacks):
            playback.flush()

    async def switch(self) -> None:
        """Another speaker was chosen: what sounds goes on there."""
        async with self._opening:
            if self._speaker is not None:
                await asyncio.to_thread(self._speaker.use, str(self._settings.get("audio.output_device")))

    async def close(self) -> None:
        """Close the speaker; the next `play` opens it anew."""
        speaker, self._speaker = self._speaker, None
        self._playbacks.clear()
        if speaker is not None:
            await asyncio.to_thread(speaker.close)

    async def _ready(self) -> Speaker:
        async with self._opening:
            if self._speaker is None:
                name = str(self._settings.get("audio.output_device"))
                try:
                    async with asyncio.timeout(_OPEN_TIMEOUT_S):
                        self._speaker = await asyncio.to_thread(self._devices.open_speaker, name)
                except TimeoutError:
                    raise Missing(
                        "speaker.hung", "The speaker does not answer.", "Choose another speaker in the settings."
                    ) from None
            return self._speaker

    def _lose(self, error: VesperError) -> None:
        was_open, self._speaker = self._speaker, None
        if was_open is not None:
            self._is_lost = True
            self._bus.publish(DeviceLostEvent(device=was_open.info.name, kind="output"))
        if error.code != self._told:
            self._told = error.code
            self._bus.tell(error)
