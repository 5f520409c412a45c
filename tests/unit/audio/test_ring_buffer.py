"""RingBuffer: the last seconds of sound, by sample number. (Wrapping and ranges: tests/property.)"""

from __future__ import annotations

import numpy as np

from vesper.audio.ring_buffer import RingBuffer


def sound(first: int, count: int) -> np.ndarray:
    """Samples whose value is their own position."""
    return np.arange(first, first + count, dtype=np.float32)


def test_gives_back_the_range_asked_for():
    ring = RingBuffer(0.1)
    ring.write(0, sound(0, 800))

    piece = ring.read(100, 300)

    assert (piece.first_sample, piece.end_sample) == (100, 300)
    assert piece.samples.tolist() == sound(100, 200).tolist()


def test_gives_what_is_there_of_a_range_that_is_partly_gone_or_still_to_come():
    ring = RingBuffer(0.1)  # 1,600 samples
    ring.write(0, sound(0, 2000))

    piece = ring.read(0, 9999)

    assert (piece.first_sample, piece.end_sample) == (400, 2000)
    assert piece.samples.tolist() == sound(400, 1600).tolist()


def test_a_range_that_is_wholly_gone_is_empty_and_says_where_sound_begins():
    ring = RingBuffer(0.1)
    ring.write(0, sound(0, 2000))
    assert ring.read(0, 300).first_sample == 400
    assert len(ring.read(0, 300).samples) == 0


def test_what_is_read_is_a_copy_that_later_sound_does_not_change():
    ring = RingBuffer(0.1)
    ring.write(0, sound(0, 1600))
    piece = ring.read(0, 1600)
    ring.write(1600, sound(1600, 1600))
    assert piece.samples.tolist() == sound(0, 1600).tolist()


def test_frames_that_the_device_dropped_read_as_silence():
    ring = RingBuffer(0.1)
    ring.write(0, sound(1, 160))
    ring.write(320, sound(320, 160))
    assert not ring.read(160, 320).samples.any()
    assert ring.read(320, 480).samples.tolist() == sound(320, 160).tolist()


def test_a_gap_longer_than_the_buffer_leaves_only_what_came_after():
    ring = RingBuffer(0.1)
    ring.write(0, sound(0, 160))
    ring.write(100_000, sound(100_000, 160))
    assert (ring.first_sample, ring.end_sample) == (100_000, 100_160)


def test_a_stream_that_begins_anew_replaces_the_old_one():
    ring = RingBuffer(0.1)
    ring.write(5000, sound(5000, 800))
    ring.write(0, sound(0, 160))
    assert (ring.first_sample, ring.end_sample) == (0, 160)


def test_after_clearing_nothing_is_left():
    ring = RingBuffer(0.1)
    ring.write(0, sound(0, 800))
    ring.clear()
    assert len(ring.read(0, 800).samples) == 0
    ring.write(8000, sound(8000, 160))
    assert ring.read(0, 9000).first_sample == 8000
