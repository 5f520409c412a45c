"""`eval wake`: how often a wake phrase is missed, and how often something else is taken for it.

Positives are fed one by one between faint noise (and with noise mixed in at each ratio); negatives as one long
stream with a second of faint noise between the clips, because a detector that is reset for every clip would be
judged too kindly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np

from vesper.audio.wav import with_room_tone
from vesper.base.errors import BadInput
from vesper.evaluation.manifests import Clip, Progress, frames, read_manifests
from vesper.evaluation.noise import mixed
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples
from vesper.ports.wake import Sensitivity, WakeHit, WakeWordDetector

_LEAD_IN_S, _TAIL_S, _BETWEEN_S = 1.5, 1.0, 1.0
LEVELS: tuple[Sensitivity, ...] = get_args(Sensitivity)


@dataclass(frozen=True, slots=True)
class WakeQuestion:
    """What to measure: the phrase, and the noise (a manifest) to mix in at each of `snr_db`, named as given."""

    phrase: str
    noise: Path | None = None
    snr_db: Sequence[str] = ()
    seed: int = 0


@dataclass(slots=True)
class _Cost:
    audio_s: float = 0.0
    cpu_s: float = 0.0

    def feed(self, detector: WakeWordDetector, samples: Samples, first_sample: int = 0) -> list[WakeHit]:
        """The accepted hits in a piece of sound; its length and the CPU time it took are added up."""
        started = time.process_time()
        hits = [detector.feed(frame) for frame in frames(samples, first_sample)]
        self.cpu_s += time.process_time() - started
        self.audio_s += len(samples) / SAMPLE_RATE
        return [hit for hit in hits if hit is not None and hit.is_accepted]


@dataclass(slots=True)
class _Run:
    question: WakeQuestion
    positives: list[Clip]
    negatives: list[Clip]
    noises: list[Samples]
    progress: Callable[[], None]
    cost: _Cost = field(default_factory=_Cost)


def run(
    detector: WakeWordDetector,
    manifests: Sequence[Path],
    question: WakeQuestion,
    *,
    progress: Progress = lambda _done, _all: None,
) -> dict[str, Any]:
    """Measure an opened detector at all three sensitivities; the answer is the JSON object of `eval wake`.

    Raises WrongUsage for a phrase that the detector cannot hear, BadInput for a manifest without the phrase.
    """
    clips = read_manifests(manifests)
    positives = [clip for clip in clips if clip.facts.get("phrase") == question.phrase]
    negatives = [clip for clip in clips if _is_negative(clip, question.phrase)]
    if not positives:
        raise BadInput("manifest.no_positives", f'No clip says "{question.phrase}".', "Name a manifest that has some.")
    noises = [clip.samples() for clip in read_manifests([question.noise])] if question.noise else []
    total = len(LEVELS) * (len(positives) * (1 + len(question.snr_db)) + len(negatives))
    done = iter(range(1, total + 1))
    job = _Run(question, positives, negatives, noises, lambda: progress(next(done), total))
    levels: dict[str, Any] = {level: _level(detector, level, job) for level in LEVELS}
    return {
        "phrase": question.phrase,
        "engine": detector.info.name,
        "positives": len(positives),
        "negative_hours": round(_hours(negatives), 4),
        "levels": levels,
        "rtf": round(job.cost.cpu_s / job.cost.audio_s, 5),
    }


def _level(detector: WakeWordDetector, level: Sensitivity, job: _Run) -> dict[str, Any]:
    detector.listen_for([job.question.phrase], level)
    miss_rate = {"clean": _miss_rate(detector, None, job)}
    for snr in job.question.snr_db:
        miss_rate[snr] = _miss_rate(detector, float(snr), job)
    detector.reset()
    false_accepts = sum(1 for _ in _false_accepts(detector, job))
    hours = _hours(job.negatives)
    return {
        "miss_rate": miss_rate,
        "false_accepts": false_accepts,
        "false_accepts_per_hour": round(false_accepts / hours, 3) if hours else 0.0,
    }


def _miss_rate(detector: WakeWordDetector, snr_db: float | None, job: _Run) -> float:
    missed = 0
    for index, clip in enumerate(job.positives):
        speech = clip.samples()
        sound = with_room_tone(speech, before_s=_LEAD_IN_S, after_s=_TAIL_S, seed=index)
        if snr_db is not None:
            sound = mixed(sound, job.noises, snr_db, active=speech, seed=(job.question.seed, index))
        detector.reset()
        missed += not job.cost.feed(detector, sound)
        job.progress()
    return round(missed / len(job.positives), 4)


def _false_accepts(detector: WakeWordDetector, job: _Run) -> Iterator[WakeHit]:
    position = 0
    for index, clip in enumerate(job.negatives):
        sound = with_room_tone(clip.samples(), before_s=0.0, after_s=_BETWEEN_S, seed=index)
        sound = np.concatenate((sound, np.zeros(-len(sound) % FRAME_SAMPLES, np.float32)))
        yield from job.cost.feed(detector, sound, position)
        position += len(sound)
        job.progress()


def _is_negative(clip: Clip, phrase: str) -> bool:
    return clip.facts.get("phrase") != phrase and phrase not in clip.facts.get("phrases", ())


def _hours(clips: Sequence[Clip]) -> float:
    return sum(float(clip.facts.get("duration", 0.0)) for clip in clips) / 3600
