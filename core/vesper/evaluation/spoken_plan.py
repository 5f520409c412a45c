"""Which sentences are said how: the sentences of `eval spoken`, and the trials drawn from all combinations."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vesper.base.errors import BadInput
from vesper.base.paths import bundled
from vesper.evaluation.made_speech import Voice

BUILT_IN = "resources/evaluation/spoken_en.jsonl"
DEFAULT_VOICES = (
    "en-gb",
    "en-us",
    "en-gb-x-rp",
    "en-gb-scotland",
    "en-029",
    "en-us+f3",
    "en-gb+f2",
    "en-us+m3",
)
DEFAULT_RATES = (140, 170)
DEFAULT_GAPS_MS = (0, 150, 300)
_DEFAULT_COUNT = 120


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, and what it means. `before`: sentences carried out first, in writing (a timer to be paused)."""

    text: str
    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict[str, Any])
    before: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The family of intents it belongs to; volume is one."""
        return self.intent if not self.intent.startswith("volume.") else "volume"


@dataclass(frozen=True, slots=True)
class SpokenQuestion:
    """What `eval spoken` is asked. `phrase` None: opened by the button. `snr_db`: "clean" and ratios, as given.

    `count` utterances are drawn with `seed` from all combinations, every group of intents, gap and ratio as often as
    the others and the same sentences for each gap and ratio; 0: all combinations; None: 120 of Vesper's own sentences,
    or each sentence of a file once for every gap and ratio.
    """

    voices: Sequence[str] = DEFAULT_VOICES
    rates: Sequence[int] = DEFAULT_RATES
    gaps_ms: Sequence[int] = DEFAULT_GAPS_MS
    snr_db: Sequence[str] = ("clean",)
    phrase: str | None = "okay nabu"
    sentences: Path | None = None
    count: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One utterance: who says what, how long after the wake phrase, in which noise ("clean" or dB)."""

    number: int
    sentence: Sentence
    voice: Voice
    gap_ms: int
    snr: str

    @property
    def snr_db(self) -> float | None:
        """The ratio in dB, None in a quiet room."""
        return None if self.snr == "clean" else float(self.snr)


def read_sentences(path: Path | None) -> list[Sentence]:
    """The sentences of a file, or those that come with Vesper. Raises BadInput("sentences.unreadable")."""
    path = path or bundled(BUILT_IN)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput("sentences.unreadable", f'"{path}" cannot be read.', "Check its name.") from error
    return [_sentence(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def trials(question: SpokenQuestion, sentences: Sequence[Sentence]) -> list[Trial]:
    """The utterances in the order in which they are heard."""
    draw = random.Random(question.seed)
    conditions = [(gap, snr) for snr in question.snr_db for gap in question.gaps_ms]
    voices = [Voice(name, rate) for name in question.voices for rate in question.rates]
    said = list(_said(sentences, voices, draw))
    if (count := question.count) is None:
        count = _DEFAULT_COUNT if question.sentences is None else len(sentences) * len(conditions)
    if count:
        said = said[: max(1, count // len(conditions))]
    return [
        Trial(number, sentence, voice, gap, snr)
        for number, (sentence, voice, (gap, snr)) in enumerate(
            (sentence, voice, condition) for sentence, voice in said for condition in conditions
        )
    ]


def _said(
    sentences: Sequence[Sentence], voices: Sequence[Voice], draw: random.Random
) -> Iterator[tuple[Sentence, Voice]]:
    """Every sentence in every voice: groups in turn, and all voices evenly from the beginning on."""
    groups: dict[str, list[Sentence]] = {}
    for sentence in draw.sample(list(sentences), len(sentences)):
        groups.setdefault(sentence.group, []).append(sentence)
    in_turn = [
        group[row]
        for row in range(max(map(len, groups.values()), default=0))
        for group in groups.values()
        if row < len(group)
    ]
    shuffled = draw.sample(list(voices), len(voices))
    for shift in range(len(shuffled)):
        for place, sentence in enumerate(in_turn):
            yield sentence, shuffled[(place + shift) % len(shuffled)]


def _sentence(path: Path, number: int, line: str) -> Sentence:
    try:
        facts = json.loads(line)
        return Sentence(
            str(facts["text"]), str(facts["intent"]), dict(facts.get("slots") or {}), tuple(facts.get("before") or ())
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "sentences.unreadable",
            f'Line {number} of "{path.name}" is no JSON object with "text" and "intent".',
            "Each line holds one sentence.",
        ) from error
