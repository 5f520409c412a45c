"""Hearing: one utterance while it is being heard. Pure: sound reports and partial results in, decisions out.

It keeps the sound, knows where speech began and last was, asks the endpointing whether the sentence is over, and
says when a second pass over the whole utterance may begin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vesper.audio.ears import SoundReport
from vesper.audio.endpointing import End, Endpointing, UtteranceSoFar
from vesper.audio.levels import ratio_db
from vesper.audio.segmenter import Segmenter, SpeechBegan
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.noise import NoiseSuppressor
from vesper.ports.stt import Partial
from vesper.voice.cleaning import Cleaned, Cleaning, Sound
from vesper.voice.openings import Opening

# A second pass over the whole utterance takes 0.1-0.2 of its length: begun after this silence it is mostly done when
# the endpoint is decided, and thrown away when speech goes on. Pauses between words are seldom as long.
SECOND_PASS_AFTER_MS = 96


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance that is over: its sound from `first_sample` on, where speech last was, and why it ended.

    `live` is what the live recogniser understood of it (`Hearing.live`).
    """

    sound: Sound
    first_sample: int
    speech_end: int
    reason: str
    silence_ms: int
    has_speech: bool
    live: tuple[str, ...] = ()


class Hearing:
    """Follows one utterance from its opening on; `step_samples` is what one activity value stands for.

    `suppressor` cleans what the recogniser hears of it.
    """

    def __init__(
        self,
        opening: Opening,
        endpointing: Endpointing,
        step_samples: int,
        *,
        suppressor: NoiseSuppressor | None = None,
    ) -> None:
        self._opening = opening
        self._endpointing = endpointing
        self._step = step_samples
        self._segmenter: Segmenter | None = None
        self._cleaning = Cleaning(suppressor, opening.from_sample)
        self._pieces: list[Cleaned] = []
        self._first_sample: int | None = None
        self._end_sample = opening.from_sample
        self._last_voice = opening.speech_from
        self._second_pass_for: int | None = None
        self._sentence_until: int | None = None
        self._partial = Partial()
        self._live_at_voice_end = ""
        self.has_speech = False

    @property
    def end_sample(self) -> int:
        """How far this utterance has been heard."""
        return self._end_sample

    @property
    def speech_end(self) -> int:
        """Just behind the last voice, or the opening's `speech_from` where there was none."""
        return self._last_voice

    @property
    def live(self) -> tuple[str, ...]:
        """What the live recogniser understood: when the voice had just ended, and now."""
        return tuple(dict.fromkeys((self._live_at_voice_end, self._partial.text)))

    @property
    def silence_ms(self) -> int:
        """Milliseconds since the last voice."""
        return round(1000 * (self._end_sample - self._last_voice) / SAMPLE_RATE)

    def add(self, report: SoundReport) -> Samples:
        """Take in sound; returns what is new of the utterance, as the recogniser is to hear it.

        What was heard in the seconds before the opening tells of the room alone.
        """
        piece = self._cleaning.take(report)
        if len(piece.raw):
            if self._first_sample is None:
                self._first_sample = report.end_sample - len(piece.raw)
            self._pieces.append(piece)
            self._end_sample = report.end_sample
        for end, probability in report.activity:
            if end > self._opening.speech_from:
                self._notice(end, probability)
        return piece.clean

    def understood(self, partial: Partial) -> None:
        """Take in what the live recogniser has understood so far; a first word is a sign of speech."""
        if partial.text and not self.has_speech:
            self.has_speech = True
            self._last_voice = self._end_sample
        self._partial = partial

    def understood_whole(self) -> None:
        """Take in that the second pass understood a whole sentence in all that was said until the last voice.

        It hears better than the live recogniser, whose unfinished partial would be waited on for a second.
        """
        self._sentence_until = self._last_voice

    def decide(self) -> End | None:
        """Whether the utterance is over. A held key ends by letting go, so only the cap applies to it."""
        length = self._end_sample - self._opening.speech_from
        if self._opening.kind == "hold":
            too_long = length >= self._endpointing.longest_s * SAMPLE_RATE
            return End("limit", self.silence_ms) if too_long else None
        return self._endpointing.decide(
            UtteranceSoFar(length, self._end_sample - self._last_voice, self.has_speech, self._so_far())
        )

    def _so_far(self) -> Partial:
        """The second pass does not tell whether its sentence may go on, so it may."""
        if self._sentence_until == self._last_voice and not self._partial.is_complete:
            return replace(self._partial, is_complete=True, can_go_on=True)
        return self._partial

    def wants_second_pass(self) -> bool:
        """True once for every end of voice that has been silent for long enough."""
        if not self.has_speech or self.silence_ms < SECOND_PASS_AFTER_MS or self._second_pass_for == self._last_voice:
            return False
        self._second_pass_for = self._last_voice
        self._live_at_voice_end = self._partial.text
        return True

    def sound(self) -> Sound:
        """All sound heard so far."""
        nothing = np.zeros(0, np.float32)
        raw = np.concatenate([nothing, *(piece.raw for piece in self._pieces)])
        clean = np.concatenate([nothing, *(piece.clean for piece in self._pieces)])
        return Sound(raw, clean, ratio_db(self._speech_in(raw), self._cleaning.room_power))

    def _speech_in(self, samples: Samples) -> Samples:
        """The part of the utterance in which there was voice, without the wake phrase."""
        first = self._end_sample - len(samples)
        return samples[max(0, self._opening.speech_from - first) : max(0, self._last_voice - first)]

    def over(self, reason: str) -> Heard:
        """The utterance as it is now, ended for `reason`."""
        first = self._opening.from_sample if self._first_sample is None else self._first_sample
        return Heard(self.sound(), first, self._last_voice, reason, self.silence_ms, self.has_speech, self.live)

    def _notice(self, end_sample: int, probability: float) -> None:
        if self._segmenter is None:
            self._segmenter = Segmenter(self._step, end_sample - self._step)
        decision = self._segmenter.feed(probability)
        if self._segmenter.is_speech and self._segmenter.is_voiced:
            self._last_voice = end_sample
        if isinstance(decision, SpeechBegan):
            self.has_speech = True
