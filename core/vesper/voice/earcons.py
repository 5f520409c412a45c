"""Earcons: the short sounds that say "I hear you" without words. All off by one setting, never the only sign."""

from __future__ import annotations

import asyncio
from typing import Literal

from vesper.audio.wav import read_wav
from vesper.base.paths import bundled
from vesper.base.settings_file import SettingsFile
from vesper.ports.audio import Playback, Samples
from vesper.voice.output import Output

Earcon = Literal["hearing", "ended", "error", "muted", "unmuted"]


_HEARING_NOTES_HZ = (659.3, 987.8)
HEARING_TONES_HZ = tuple(note * partial for note in _HEARING_NOTES_HZ for partial in (1, 2, 3))
"""The partials of the "hearing" sound, as resources/sounds/make_sounds.py draws it."""


def sound(name: str) -> tuple[Samples, int]:
    """A sound that comes with Vesper, and its rate. Reads a file: for a thread."""
    return read_wav(bundled(f"resources/sounds/{name}.wav"))


class Earcons:
    """Plays earcons through the shared output, when the user wants them."""

    def __init__(self, output: Output, settings: SettingsFile) -> None:
        self._output = output
        self._settings = settings
        self._sounds: dict[Earcon, tuple[Samples, int]] = {}

    async def play(self, earcon: Earcon) -> Playback | None:
        """Begin an earcon; None when they are off or nothing can sound."""
        if not self._settings.get("audio.earcons"):
            return None
        if earcon not in self._sounds:
            self._sounds[earcon] = await asyncio.to_thread(sound, earcon)
        samples, rate = self._sounds[earcon]
        return await self._output.play_once(samples, rate)
