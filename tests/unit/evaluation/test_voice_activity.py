"""`eval vad` with a detector that hears loudness, so that the right figures are known beforehand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from vesper.audio.segmenter import SegmenterRules
from vesper.audio.wav import write_wav
from vesper.evaluation.voice_activity import marked, run, speech_of
from vesper.ports.engine import EngineInfo

RULES = SegmenterRules(hangover_ms=32, min_speech_ms=32)


class LoudnessDetector:
    """Speech is what is loud; a step is one frame."""

    info = EngineInfo("loudness", facts={"step_samples": 160})

    def feed(self, frame):
        return float(np.abs(frame.samples).max() > 0.1)

    def reset(self):
        pass


def write_manifest(folder, *clips):
    """Clips of 10 s, loud where `loud` says, labelled where `labels` says (both in seconds)."""
    lines = []
    for number, (loud, labels) in enumerate(clips):
        sound = np.zeros(160_000, np.float32)
        for start, end in loud:
            sound[round(start * 16_000) : round(end * 16_000)] = 0.5
        write_wav(folder / f"{number}.wav", sound, 16_000)
        lines.append(json.dumps({"audio": f"{number}.wav", "speech": labels}))
    (folder / "m.jsonl").write_text("\n".join(lines))
    return [folder / "m.jsonl"]


def test_a_detector_that_is_always_right_gets_full_marks(tmp_path):
    manifest = write_manifest(tmp_path, ([(2, 4), (6, 7)], [(2, 4), (6, 7)]))
    found = run(LoudnessDetector(), manifest, rules=RULES)
    assert (found["clips"], found["frame_ms"]) == (1, 32)
    assert (found["precision"], found["recall"], found["f1"]) == (1.0, 1.0, 1.0)


def test_speech_that_is_not_found_costs_recall_and_noise_taken_for_it_precision(tmp_path):
    manifest = write_manifest(tmp_path, ([(1, 3)], [(1, 5)]), ([(1, 5)], [(1, 3)]))
    found = run(LoudnessDetector(), manifest, rules=RULES)
    assert found["recall"] == pytest.approx(4 / 6, abs=0.01)
    assert found["precision"] == pytest.approx(4 / 6, abs=0.01)
    assert found["f1"] == pytest.approx(4 / 6, abs=0.01)


def test_progress_is_told_clip_by_clip(tmp_path):
    told = []
    manifest = write_manifest(tmp_path, ([], []), ([], []))
    run(LoudnessDetector(), manifest, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_speech_that_lasts_to_the_end_is_a_stretch_too():
    sound = np.full(16_000, 0.5, np.float32)
    assert speech_of(LoudnessDetector(), sound, RULES) == [(0, 16_000)]


def test_a_frame_belongs_to_a_stretch_by_its_middle():
    assert marked(512 * 4, [(300, 1200)]).tolist() == [False, True, False, False]
