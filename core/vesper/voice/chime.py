"""The chime of one utterance: when it may sound, and that it never reaches the recogniser.

Who speaks in one breath with the wake phrase hears no chime: it would fall on the first words. It sounds after a
short wait for those who pause, and while it sounds the microphone's share of it is replaced by faint noise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vesper.audio.ears import SoundReport
from vesper.ports.audio import SAMPLE_RATE, Playback
from vesper.voice.earcons import Earcons
from vesper.voice.hearing import Hearing
from vesper.voice.openings import Opening

_WAIT_SAMPLES = round(0.5 * SAMPLE_RATE)
_ECHO_SAMPLES = round(0.08 * SAMPLE_RATE)
_NOISE_RMS = 5e-4


class Chime:
    """Sounds at most once in an utterance."""

    def __init__(self, earcons: Earcons, opening: Opening) -> None:
        self._earcons = earcons
        self._due_sample = opening.speech_from + (_WAIT_SAMPLES if opening.kind == "wake" else 0)
        self._is_wanted = opening.kind != "follow_up"
        self._playback: Playback | None = None
        self._masked_until = 0
        self._noise = np.random.default_rng(0)

    async def sound_if_due(self, hearing: Hearing) -> None:
        """Begin the chime when nobody has begun to speak by the time it is due."""
        if not self._is_wanted or hearing.end_sample < self._due_sample:
            return
        self._is_wanted = False
        if not hearing.has_speech:
            self._playback = await self._earcons.play("hearing")

    def mask(self, report: SoundReport) -> SoundReport:
        """The report as the recogniser may hear it: without the chime and its echo."""
        if self._playback is not None:
            self._masked_until = report.end_sample + _ECHO_SAMPLES
            if self._playback.is_over:
                self._playback = None
        if report.first_sample >= self._masked_until:
            return report
        noise = self._noise.normal(0.0, _NOISE_RMS, len(report.samples)).astype(np.float32)
        return replace(report, samples=noise, activity=tuple((end, 0.0) for end, _ in report.activity))
