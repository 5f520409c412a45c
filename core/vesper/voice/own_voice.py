"""Vesper's own voice as a skill may change it: volume and speed are settings, stopping is silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from vesper.base.settings import VoiceSettings
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner

Dial = Literal["volume", "rate"]


class OwnVoice:
    """Turns the dials within the settings' bounds; `silence` ends what is said and returns whether anything was."""

    def __init__(self, settings: SettingsFile, owner: TaskOwner, silence: Callable[[], bool]) -> None:
        self._settings = settings
        self._owner = owner
        self._silence = silence

    def get(self, what: Dial) -> int:
        """The volume in percent, or the rate in words a minute."""
        return int(self._settings.get(f"voice.{what}"))

    def set(self, what: Dial, value: int) -> int:
        """Set it, kept within its bounds; returns what it is now. The file is written in a thread."""
        lowest, highest = _bounds(what)
        now = int(self._settings.apply(f"voice.{what}", max(lowest, min(highest, value))))
        self._owner.start(asyncio.to_thread(self._settings.save), "save settings")
        return now

    def stop(self) -> bool:
        """Be silent now; returns whether something was being said."""
        return self._silence()


def _bounds(what: Dial) -> tuple[int, int]:
    """The setting's own bounds, as its field declares them (a schema would take the loop 50 ms the first time)."""
    rules = VoiceSettings.model_fields[what].metadata
    lowest, highest = (next(getattr(rule, name) for rule in rules if hasattr(rule, name)) for name in ("ge", "le"))
    return int(lowest), int(highest)
