"""`eval wake` with a detector that hears loudness: what counts as a miss, and what as a false accept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from vesper.audio.wav import write_wav
from vesper.base.errors import BadInput
from vesper.evaluation.wake import WakeQuestion, run
from vesper.ports.engine import EngineInfo
from vesper.ports.wake import WakeHit

CUTOFFS = {"strict": 0.6, "normal": 0.4, "keen": 0.2}


class LoudnessDetector:
    """Hears the phrase in whatever is louder than its cut-off, and then rests for two seconds."""

    info = EngineInfo("loudness")

    def listen_for(self, phrases, sensitivity):
        (self.phrase,), self.cutoff = phrases, CUTOFFS[sensitivity]
        self.reset()

    def reset(self):
        self.rests_until = 0

    def feed(self, frame):
        score = float(np.abs(frame.samples).max())
        if score <= self.cutoff or frame.first_sample < self.rests_until:
            return None
        self.rests_until = frame.end_sample + 32_000
        return WakeHit(self.phrase, score, frame.end_sample, is_accepted=True)


@pytest.fixture
def manifest(tmp_path):
    """Three positives of different loudness, two negatives, and one clip that names the phrase beside others."""
    lines = []
    for number, (loudness, facts) in enumerate(
        [
            (0.7, {"phrase": "alexa"}),
            (0.5, {"phrase": "alexa"}),
            (0.3, {"phrase": "alexa"}),
            (0.5, {"phrase": "computer"}),
            (0.1, {"phrases": []}),
            (0.9, {"phrases": ["alexa"]}),
        ]
    ):
        sound = np.zeros(16_000 * 3, np.float32)
        sound[16_000:20_000] = loudness
        write_wav(tmp_path / f"{number}.wav", sound, 16_000)
        lines.append(json.dumps({"audio": f"{number}.wav", "duration": 3.0, **facts}))
    (tmp_path / "m.jsonl").write_text("\n".join(lines))
    return tmp_path / "m.jsonl"


def test_misses_and_false_accepts_at_every_sensitivity(manifest):
    found = run(LoudnessDetector(), [manifest], WakeQuestion("alexa"))
    assert (found["phrase"], found["engine"], found["positives"]) == ("alexa", "loudness", 3)
    assert found["negative_hours"] == pytest.approx(6 / 3600, abs=1e-4)
    levels = found["levels"]
    assert [levels[level]["miss_rate"]["clean"] for level in CUTOFFS] == [0.6667, 0.3333, 0.0]
    assert [levels[level]["false_accepts"] for level in CUTOFFS] == [0, 1, 1]
    assert levels["keen"]["false_accepts_per_hour"] == pytest.approx(600)


def test_noise_is_mixed_in_at_each_ratio_named_as_given(manifest, tmp_path):
    write_wav(tmp_path / "noise.wav", np.full(80_000, 0.5, np.float32), 16_000)
    (tmp_path / "noise.jsonl").write_text('{"audio": "noise.wav"}')
    question = WakeQuestion("alexa", noise=tmp_path / "noise.jsonl", snr_db=("20", "0"))
    rates = run(LoudnessDetector(), [manifest], question)["levels"]["strict"]["miss_rate"]
    assert list(rates) == ["clean", "20", "0"]
    assert rates["0"] < rates["clean"]  # loud noise wakes a detector that hears loudness


def test_progress_reaches_its_end(manifest):
    told = []
    run(LoudnessDetector(), [manifest], WakeQuestion("alexa"), progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (15, 15)


def test_a_manifest_without_the_phrase_is_refused(manifest):
    with pytest.raises(BadInput) as refused:
        run(LoudnessDetector(), [manifest], WakeQuestion("open sesame"))
    assert refused.value.code == "manifest.no_positives"
