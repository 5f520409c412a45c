"""RingBuffer against the plainest model there is: a list of everything ever written."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vesper.audio.ring_buffer import RingBuffer

CAPACITY_S = 0.02  # 320 samples: small, so that everything wraps


@given(
    start=st.integers(0, 5000),
    lengths=st.lists(st.integers(0, 700), max_size=12),
    reads=st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), min_size=1, max_size=6),
)
def test_every_read_agrees_with_a_list_of_all_samples(start, lengths, reads):
    ring, whole, position = RingBuffer(CAPACITY_S), [0.0] * start, start
    for length in lengths:
        samples = np.arange(position, position + length, dtype=np.float32)
        ring.write(position, samples)
        whole += samples.tolist()
        position += length

    oldest = max(start, position - ring.capacity)
    for low, high in reads:
        piece = ring.read(low, high)
        expected = [whole[at] for at in range(max(low, oldest), min(high, position))]
        assert piece.samples.tolist() == expected
        if expected:
            assert piece.first_sample == max(low, oldest)


@given(gaps=st.lists(st.tuples(st.integers(0, 500), st.integers(1, 200)), max_size=10))
def test_positions_stay_true_across_gaps(gaps):
    ring, written, position = RingBuffer(CAPACITY_S), {}, 0
    for gap, length in gaps:
        position += gap
        ring.write(position, np.full(length, position + 1, np.float32))
        written.update(dict.fromkeys(range(position, position + length), position + 1.0))
        position += length

    piece = ring.read(0, position + 100)

    assert piece.end_sample == (position if gaps else 0)
    for offset, value in enumerate(piece.samples.tolist()):
        assert value == written.get(piece.first_sample + offset, 0.0)
