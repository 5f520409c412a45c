"""Holidays by their rules. Dates of Easter: the tables of the United States Naval Observatory."""

from __future__ import annotations

from datetime import date

import pytest

from vesper.understanding.quantities.holidays import easter, holiday_in


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)]
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("12-25", date(2026, 12, 25)),
        ("easter-2", date(2026, 4, 3)),
        ("easter+49", date(2026, 5, 24)),
        ("3 4 11", date(2026, 11, 26)),  # Thanksgiving
        ("0 -1 5", date(2026, 5, 25)),  # Memorial Day
        ("advent", date(2026, 11, 29)),
    ],
)
def test_rules(rule: str, day: date) -> None:
    assert holiday_in(rule, 2026) == day


def test_when_christmas_is_a_sunday_advent_begins_four_weeks_before_it() -> None:
    assert holiday_in("advent", 2022) == date(2022, 11, 27)
