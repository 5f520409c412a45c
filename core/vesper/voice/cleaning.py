"""The sound of one utterance as its listeners get it: as it came, and with less of the room's noise for the recogniser.

The room is what was heard in the seconds before: the suppressor learns the noise from it, and its level tells later how
noisy it was. Where there is no suppressor, or it fails, the sound stays as it came.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from vesper.audio.ears import SoundReport
from vesper.audio.levels import room_power
from vesper.base.errors import VesperError
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.noise import NoiseSuppressor

_log = logging.getLogger(__name__)

ROOM_SAMPLES = 2 * SAMPLE_RATE
"""How much sound before an utterance tells of the room."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A piece of sound twice: `raw` as the microphone gave it, `clean` with less noise."""

    raw: Samples
    clean: Samples


@dataclass(frozen=True, slots=True)
class Sound:
    """The sound of an utterance twice, as long, and how much louder the speech in it is than the room."""

    raw: Samples
    clean: Samples
    snr_db: float


class Cleaning:
    """Cleans the reports of one utterance, which begins at `from_sample`; what comes before is the room."""

    def __init__(self, suppressor: NoiseSuppressor | None, from_sample: int) -> None:
        self._suppressor = suppressor
        self._from_sample = from_sample
        self._room: list[Samples] = []
        if suppressor is not None:
            suppressor.reset()

    @property
    def room_power(self) -> float:
        """The power of the room's noise; 0.0 where nothing was heard before the utterance."""
        return room_power(np.concatenate(self._room)) if self._room else 0.0

    def take(self, report: SoundReport) -> Cleaned:
        """The utterance's part of a report, which may be empty; all of the report has been learned from."""
        ahead = max(0, min(self._from_sample - report.first_sample, len(report.samples)))
        clean = self._cleaned(report.samples)
        if ahead:
            self._room.append(report.samples[:ahead])
        return Cleaned(report.samples[ahead:], clean[ahead:])

    def _cleaned(self, samples: Samples) -> Samples:
        if self._suppressor is None:
            return samples
        try:
            return self._suppressor.feed(samples)
        except VesperError as error:
            _log.info("the noise stays: %s", error.code)
            self._suppressor = None
            return samples
