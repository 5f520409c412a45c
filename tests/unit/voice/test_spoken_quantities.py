"""Figures as one says them."""

from __future__ import annotations

import pytest

from vesper.base.language import load_language
from vesper.voice.spoken_quantities import SpokenQuantities

ENGLISH = SpokenQuantities(load_language("en"))


@pytest.mark.parametrize("plain", ["", "five minutes", "room 101", "version 2"])
def test_what_is_no_quantity_stays(plain: str) -> None:
    assert ENGLISH.of(plain) == plain


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("14:05", "14 oh 5"),
        ("at 00:00", "at midnight"),
        ("2026-03-05", "March 5th, 20 26"),
        ("3/4/2026", "3, 4, 20 26"),
        ("$5", "5 dollars"),
        ("$1", "1 dollar"),
    ],
)
def test_times_dates_and_money_are_said_in_words(written: str, said: str) -> None:
    assert ENGLISH.of(written).strip() == said


@pytest.mark.parametrize("impossible", ["2026-13-45", "25:70"])
def test_what_looks_like_a_quantity_and_cannot_be_one_is_left_alone(impossible: str) -> None:
    assert ENGLISH.of(impossible).strip() == impossible
