"""Loudness as the orb shows it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vesper_desktop.view_state.orb import loudness


def test_a_still_room_is_nothing_and_loud_speech_everything() -> None:
    assert loudness(-60) == 0
    assert loudness(-12) == 1
    assert loudness(-36) == 0.5


@given(st.floats(allow_nan=False))
def test_whatever_is_measured_stays_between_nothing_and_everything(dbfs: float) -> None:
    assert 0 <= loudness(dbfs) <= 1
