"""Where speech starts and stops: probabilities in, decisions with sample numbers out.

Pure, and counts samples instead of seconds: sound arrives in bursts, the machine's clock says nothing about it.
Two thresholds (hysteresis) keep a wavering probability from chopping a word; a start needs a minimum of voice
(a click is no speech), a stop a hangover (a pause between two words is no end).
"""

from __future__ import annotations

from dataclasses import dataclass

from vesper.ports.audio import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class SegmenterRules:
    """When voice counts as speech.

    `start` and `keep` are probabilities: voice begins at `start` and goes on down to `keep`. `min_speech_ms` of
    voice make a start ("yes" and "stop" have about 200 ms), `hangover_ms` without it make a stop; a dip shorter
    than `bridge_ms` does not undo a start that is being confirmed.
    """

    start: float = 0.5
    keep: float = 0.3
    min_speech_ms: int = 96
    hangover_ms: int = 480
    bridge_ms: int = 64


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Speech begins at `at_sample`; that was certain at `decided_at`."""

    at_sample: int
    decided_at: int


@dataclass(frozen=True, slots=True)
class SpeechCeased:
    """Speech ended at `at_sample` (the end of its last voiced step); that was certain at `decided_at`."""

    at_sample: int
    decided_at: int


Decision = SpeechBegan | SpeechCeased


class Segmenter:
    """Follows one stream of probabilities, each standing for `step_samples`, beginning at `first_sample`."""

    def __init__(self, step_samples: int, first_sample: int = 0, rules: SegmenterRules | None = None) -> None:
        self._rules = rules or SegmenterRules()
        self._step = step_samples
        self._position = first_sample
        self._origin = first_sample
        self._is_voiced = False
        self._is_speech = False
        self._began: int | None = None
        self._voiced = 0
        self._voice_end = first_sample
        self._last_voice: int | None = None

    @property
    def position(self) -> int:
        """The position up to which probabilities were fed."""
        return self._position

    @property
    def is_speech(self) -> bool:
        """Whether someone is speaking, as far as was decided."""
        return self._is_speech

    @property
    def is_voiced(self) -> bool:
        """Whether the last step alone was voice, decided speech or not."""
        return self._is_voiced

    @property
    def silence_samples(self) -> int:
        """Samples since the last voice of decided speech, or since the beginning where there was none."""
        return self._position - (self._origin if self._last_voice is None else self._last_voice)

    def feed(self, probability: float) -> Decision | None:
        """The next step's probability; a decision when this step settles one."""
        self._position += self._step
        self._is_voiced = probability >= (self._rules.keep if self._is_voiced else self._rules.start)
        return self._while_speech() if self._is_speech else self._while_silence()

    def _while_silence(self) -> SpeechBegan | None:
        if self._is_voiced:
            if self._began is None:
                self._began, self._voiced = self._position - self._step, 0
            self._voiced += self._step
            self._voice_end = self._position
        elif self._began is not None and self._position - self._voice_end > _samples(self._rules.bridge_ms):
            self._began = None
        if self._began is None or not self._is_voiced or self._voiced < _samples(self._rules.min_speech_ms):
            return None
        began, self._began = self._began, None
        self._is_speech, self._last_voice = True, self._position
        return SpeechBegan(began, self._position)

    def _while_speech(self) -> SpeechCeased | None:
        assert self._last_voice is not None
        if self._is_voiced:
            self._last_voice = self._position
        if self._position - self._last_voice < _samples(self._rules.hangover_ms):
            return None
        self._is_speech = False
        return SpeechCeased(self._last_voice, self._position)


def _samples(milliseconds: int) -> int:
    return milliseconds * SAMPLE_RATE // 1000
