"""The chime of one utterance: when it may sound, and that it never reaches the recogniser.

Who speaks in one breath with the wake phrase hears no chime: it would fall on the first words. It sounds after a
short wait for those who pause, or at once when a key was pressed; while it sounds its tones are filtered out of what
the recogniser gets, so that a first word spoken into it is kept.
"""

from __future__ import annotations

from dataclasses import replace

from vesper.audio.ears import SoundReport
from vesper.audio.tone_stop import ToneStop
from vesper.ports.audio import SAMPLE_RATE, Playback
from vesper.voice.earcons import HEARING_TONES_HZ, Earcons
from vesper.voice.hearing import Hearing
from vesper.voice.openings import Opening

_WAIT_SAMPLES = round(0.5 * SAMPLE_RATE)
_ECHO_SAMPLES = round(0.12 * SAMPLE_RATE)


class Chime:
    """Sounds at most once in an utterance."""

    def __init__(self, earcons: Earcons, opening: Opening) -> None:
        self._earcons = earcons
        self._due_sample = opening.speech_from + (_WAIT_SAMPLES if opening.kind == "wake" else 0)
        self._is_wanted = opening.kind != "follow_up"
        self._playback: Playback | None = None
        self._filtered_until = 0
        self._tone_stop = ToneStop(HEARING_TONES_HZ)

    async def sound_if_due(self, hearing: Hearing) -> None:
        """Begin the chime when nobody has begun to speak by the time it is due."""
        if not self._is_wanted or hearing.end_sample < self._due_sample:
            return
        self._is_wanted = False
        if not hearing.has_speech:
            self._playback = await self._earcons.play("hearing")

    def mask(self, report: SoundReport) -> SoundReport:
        """The report as the recogniser may hear it: without the chime's tones, and without their activity."""
        if self._playback is not None:
            self._filtered_until = report.end_sample + _ECHO_SAMPLES
            if self._playback.is_over:
                self._playback = None
        if report.first_sample >= self._filtered_until:
            return report
        silent = tuple((end, 0.0) for end, _ in report.activity)
        return replace(report, samples=self._tone_stop.feed(report.samples), activity=silent)
