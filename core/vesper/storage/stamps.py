"""Hybrid logical clock: one number that orders changes over devices whose clocks disagree.

48 bits of milliseconds since 1970 (UTC) and 16 bits of counter, packed so that plain comparison orders them
(Kulkarni et al. 2014, "Logical Physical Clocks"). Local changes only ever move it forward, also when the wall clock
is set back. Pure.
"""

from __future__ import annotations

_COUNTER_BITS = 16


def next_stamp(last: int, now_ms: int) -> int:
    """The stamp after `last` at `now_ms`; a full counter carries over into the milliseconds."""
    return max(last + 1, now_ms << _COUNTER_BITS)


def stamp_ms(stamp: int) -> int:
    """The milliseconds since 1970 that a stamp names."""
    return stamp >> _COUNTER_BITS


def stamp_at(milliseconds: int) -> int:
    """The first stamp of a millisecond: everything stamped before it is older."""
    return milliseconds << _COUNTER_BITS
