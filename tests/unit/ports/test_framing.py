"""Framing: pieces of any length become frames of 10 ms with true positions and times."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.ports.framing import Framing


def test_pieces_of_any_length_become_whole_frames_in_order():
    framing, values = Framing(), np.arange(1000, dtype=np.float32)
    frames = [*framing.feed(values[:100], 0.0), *framing.feed(values[100:700], 0.0), *framing.feed(values[700:], 0.0)]
    assert [frame.first_sample for frame in frames] == [0, 160, 320, 480, 640, 800]
    assert np.concatenate([frame.samples for frame in frames]).tolist() == values[:960].tolist()
    assert framing.pending == 40


def test_each_frame_knows_when_its_own_last_sample_was_captured():
    frames = Framing().feed(np.zeros(360, np.float32), captured_at=5.0)
    assert [frame.captured_at for frame in frames] == pytest.approx([5.0 - 200 / 16_000, 5.0 - 40 / 16_000])


def test_lost_frames_are_counted_so_that_positions_stay_true():
    framing = Framing()
    framing.feed(np.zeros(160, np.float32), 0.0)
    framing.skip(3)
    assert framing.feed(np.zeros(160, np.float32), 0.0)[0].first_sample == 640
