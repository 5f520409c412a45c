"""Manifests: one JSON object a line, audio relative to the manifest."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.wav import write_wav
from vesper.base.errors import BadInput
from vesper.evaluation.manifests import frames, read_manifests


def test_audio_paths_are_relative_to_their_manifest(tmp_path):
    write_wav(tmp_path / "a.wav", np.zeros(1600, np.float32), 16_000)
    (tmp_path / "m.jsonl").write_text('{"audio": "a.wav", "phrase": "alexa"}\n\n')
    (clip,) = read_manifests([tmp_path / "m.jsonl"])
    assert clip.facts["phrase"] == "alexa"
    assert len(clip.samples()) == 1600


@pytest.mark.parametrize("line", ["no json", "[]", '{"text": "without audio"}', '"a.wav"'])
def test_a_bad_line_is_told_by_its_number(tmp_path, line):
    (tmp_path / "m.jsonl").write_text('{"audio": "a.wav"}\n' + line)
    with pytest.raises(BadInput, match=r"Line 2 of \"m.jsonl\""):
        read_manifests([tmp_path / "m.jsonl"])


def test_a_manifest_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput) as refused:
        read_manifests([tmp_path / "gone.jsonl"])
    assert refused.value.code == "manifest.unreadable"


def test_frames_are_whole_and_counted_from_the_given_position():
    cut = frames(np.zeros(500, np.float32), 1000)
    assert [(frame.first_sample, len(frame.samples)) for frame in cut] == [(1000, 160), (1160, 160), (1320, 160)]
