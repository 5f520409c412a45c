"""`eval vad`: how well the stretches of speech that Vesper finds agree with labelled ones, by 32 ms frames.

What is judged is the detector with the segmenter behind it, as the product runs them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vesper.audio.segmenter import Segmenter, SegmenterRules, SpeechBegan, SpeechCeased
from vesper.evaluation.manifests import Clip, Progress, frames, read_manifests
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.audio import SAMPLE_RATE, Samples

FRAME_MS = 32
_FRAME = FRAME_MS * SAMPLE_RATE // 1000


def run(
    detector: VoiceActivityDetector,
    manifests: Sequence[Path],
    *,
    rules: SegmenterRules | None = None,
    progress: Progress = lambda _done, _all: None,
) -> dict[str, Any]:
    """Judge an opened detector; the answer is the JSON object of `eval vad`. Raises BadInput."""
    clips = read_manifests(manifests)
    hits = false_alarms = misses = 0
    audio_s = cpu_s = 0.0
    for number, clip in enumerate(clips, 1):
        samples = clip.samples()
        started = time.process_time()
        found = marked(len(samples), speech_of(detector, samples, rules))
        cpu_s += time.process_time() - started
        audio_s += len(samples) / SAMPLE_RATE
        labelled = marked(len(samples), _labels(clip))
        hits += int(np.sum(found & labelled))
        false_alarms += int(np.sum(found & ~labelled))
        misses += int(np.sum(~found & labelled))
        progress(number, len(clips))
    return {
        "clips": len(clips),
        "frame_ms": FRAME_MS,
        **_rates(hits, false_alarms, misses),
        "rtf": _ratio(cpu_s, audio_s),
    }


def speech_of(
    detector: VoiceActivityDetector, samples: Samples, rules: SegmenterRules | None = None
) -> list[tuple[int, int]]:
    """The stretches of speech in a recording as (first sample, sample behind the last)."""
    detector.reset()
    segmenter = Segmenter(int(detector.info.facts["step_samples"]), rules=rules)
    found: list[tuple[int, int]] = []
    began = 0
    for frame in frames(samples):
        probability = detector.feed(frame)
        match segmenter.feed(probability) if probability is not None else None:
            case SpeechBegan(at_sample):
                began = at_sample
            case SpeechCeased(at_sample):
                found.append((began, at_sample))
            case None:
                pass
    if segmenter.is_speech:
        found.append((began, len(samples)))
    return found


def marked(length: int, stretches: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """One truth value for each whole frame of `length` samples: whether its middle lies in a stretch."""
    middles = np.arange(length // _FRAME) * _FRAME + _FRAME // 2
    inside = np.zeros(len(middles), np.bool_)
    for start, end in stretches:
        inside |= (middles >= start) & (middles < end)
    return inside


def _labels(clip: Clip) -> list[tuple[int, int]]:
    return [(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)) for start, end in clip.facts["speech"]]


def _rates(hits: int, false_alarms: int, misses: int) -> dict[str, float]:
    precision, recall = _ratio(hits, hits + false_alarms), _ratio(hits, hits + misses)
    return {"precision": precision, "recall": recall, "f1": _ratio(2 * precision * recall, precision + recall)}


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
