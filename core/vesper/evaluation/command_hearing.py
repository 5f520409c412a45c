"""Hearing a command in a recording, with the engines and the judgement of the voice loop, one step after the other.

In: sound. Out: what Vesper would do with it: the words, the intent, or nothing. The engines run in this process, so
that their processor time can be counted.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vesper.audio.ears import SoundReport
from vesper.audio.levels import ratio_db
from vesper.audio.wav import with_room_tone
from vesper.dialogue.doubt import is_doubted
from vesper.dialogue.utterance import Utterance
from vesper.evaluation.manifests import read_manifests
from vesper.evaluation.noise import mixed
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.gatekeeper import GatekeeperEngine
from vesper.ports.noise import NoiseSuppressor
from vesper.ports.stt import Grammar, SpeechToTextEngine, Transcript
from vesper.understanding.intents import IntentMatch
from vesper.understanding.templates import SentenceTemplates
from vesper.voice.agreement import is_very_noisy
from vesper.voice.cleaning import ROOM_SAMPLES, Cleaning
from vesper.voice.recognition import Recognised

_AROUND_S = 0.3
_PIECE_SAMPLES = SAMPLE_RATE // 10
CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class HeardCommand:
    """What came of a piece of sound; `match` is None where nothing would be done, or only after a question."""

    transcript: Transcript
    match: IntentMatch | None


@dataclass(frozen=True, slots=True)
class Uttered:
    """An utterance, and the sound of the room before it."""

    room: Samples
    samples: Samples


@dataclass(frozen=True, slots=True)
class Conditions:
    """The ratios to hear every clip at, in decibels as they were given, or "clean", with the noises for them."""

    snr_db: Sequence[str]
    noises: Sequence[Samples] = ()
    seed: int = 0

    def sound(self, clip: Samples, snr: str, index: int) -> Uttered:
        """A clip in faint noise, and in the wanted noise, which was there before it."""
        sound = with_room_tone(clip, before_s=ROOM_SAMPLES / SAMPLE_RATE + _AROUND_S, after_s=_AROUND_S, seed=index)
        if snr != CLEAN:
            sound = mixed(sound, self.noises, float(snr), active=clip, seed=(self.seed, index))
        return Uttered(sound[:ROOM_SAMPLES], sound[ROOM_SAMPLES:])


def conditions(noise: Path | None, snr_db: Sequence[str], seed: int) -> Conditions:
    """Clean, and each ratio of the noise in a manifest. Raises BadInput for a manifest that cannot be read."""
    noises = [clip.samples() for clip in read_manifests([noise])] if noise else []
    return Conditions((CLEAN, *snr_db), noises, seed)


class CommandHearing:
    """Opened engines that have the grammar of some templates; what they cost is in `audio_s` and `cpu_s`."""

    def __init__(
        self, recogniser: SpeechToTextEngine, gatekeeper: GatekeeperEngine, suppressor: NoiseSuppressor | None = None
    ) -> None:
        self._recogniser = recogniser
        self._gatekeeper = gatekeeper
        self._suppressor = suppressor
        self._templates: SentenceTemplates | None = None
        self.audio_s = 0.0
        self.cpu_s = 0.0

    @property
    def engine(self) -> str:
        """The recogniser's name."""
        return self._recogniser.info.name

    @property
    def rtf(self) -> float:
        """Processor time for a second of sound."""
        return round(self.cpu_s / self.audio_s, 4) if self.audio_s else 0.0

    def load(self, templates: SentenceTemplates, grammar: Grammar) -> None:
        """Listen for these sentences from now on."""
        self._templates = templates
        self._recogniser.load(grammar)
        self._gatekeeper.load(grammar)

    def hear(self, uttered: Uttered) -> HeardCommand:
        """What Vesper would do with this utterance."""
        assert self._templates is not None, "load comes first"
        started = time.process_time()
        transcript = self._transcript(uttered)
        self.cpu_s += time.process_time() - started
        self.audio_s += len(uttered.samples) / SAMPLE_RATE
        matches = self._templates.match(transcript.text).matches if transcript.text else ()
        if is_doubted(Utterance(transcript.text, source="voice", verdict=transcript.verdict), matches, None):
            return HeardCommand(transcript, None)
        return HeardCommand(transcript, matches[0] if matches else None)

    def _transcript(self, uttered: Uttered) -> Transcript:
        """What the voice loop's `Recognition` would make of it."""
        cleaning = Cleaning(self._suppressor, len(uttered.room))
        clean = cleaning.take(SoundReport(0, np.concatenate((uttered.room, uttered.samples)), (), 0.0)).clean
        snr_db = ratio_db(uttered.samples, cleaning.room_power)
        live = self._live(clean)
        command = self._recogniser.recognise(clean)
        unclean = self._recogniser.recognise(uttered.samples) if is_very_noisy(snr_db) else None
        return Recognised(command, unclean, self._gatekeeper.recognise(uttered.samples), snr_db).judged(live)

    def _live(self, samples: Samples) -> tuple[str, ...]:
        """What is understood of it in the pieces in which a microphone gives it."""
        stream = self._recogniser.start()
        for start in range(0, len(samples), _PIECE_SAMPLES):
            stream.feed(samples[start : start + _PIECE_SAMPLES])
        partial = stream.partial()
        stream.cancel()
        return (partial.text,)
