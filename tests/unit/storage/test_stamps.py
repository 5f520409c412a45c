"""Hybrid stamps only go forward, whatever the wall clock does."""

from __future__ import annotations

from vesper.storage.stamps import next_stamp, stamp_at, stamp_ms


def test_a_stamp_follows_the_clock_and_counts_within_a_millisecond():
    first = next_stamp(0, 1_000)
    assert stamp_ms(first) == 1_000
    assert next_stamp(first, 1_000) == first + 1
    assert stamp_ms(next_stamp(first, 1_001)) == 1_001


def test_a_clock_set_back_moves_no_stamp_back():
    first = next_stamp(0, 5_000)
    assert next_stamp(first, 1_000) > first


def test_a_full_counter_carries_over():
    last_of_its_millisecond = stamp_at(1_001) - 1
    assert stamp_ms(next_stamp(last_of_its_millisecond, 1_000)) == 1_001
