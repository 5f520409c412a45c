"""What the orb can show. Its pictures are `widgets/orb.py`, its words `wording.py`."""

from __future__ import annotations

from enum import Enum


class OrbState(Enum):
    """The state of Vesper as one picture; the value is the name in themes and pictures."""

    ASLEEP = "asleep"
    ARMED = "armed"
    HEARING = "hearing"
    THINKING = "thinking"
    SPEAKING = "speaking"
    MUTED = "muted"
    PROBLEM = "problem"


MOVING = frozenset({OrbState.HEARING, OrbState.THINKING, OrbState.SPEAKING})
QUIETEST_DBFS = -60.0
LOUDEST_DBFS = -12.0


def loudness(dbfs: float) -> float:
    """A level in dBFS as 0 (still) to 1 (loud speech), linear in decibels as ears are."""
    share = (dbfs - QUIETEST_DBFS) / (LOUDEST_DBFS - QUIETEST_DBFS)
    return min(1.0, max(0.0, share))
