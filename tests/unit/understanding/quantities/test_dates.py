"""Days as people say them, seen from Saturday, November 21, 2026."""

from __future__ import annotations

from datetime import date

import pytest

from vesper.base.language import load_language
from vesper.understanding.quantities.dates import day_reader

TODAY = date(2026, 11, 21)
DAYS = day_reader(load_language("en"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", (2026, 11, 21)),
        ("tomorrow", (2026, 11, 22)),
        ("the day after tomorrow", (2026, 11, 23)),
        ("the day before yesterday", (2026, 11, 19)),
        ("monday", (2026, 11, 23)),
        ("saturday", (2026, 11, 28)),
        ("this coming friday", (2026, 11, 27)),
        ("next friday", (2026, 11, 27)),
        ("last saturday", (2026, 11, 14)),
        ("the 3rd of may", (2027, 5, 3)),
        ("may third", (2027, 5, 3)),
        ("december 24", (2026, 12, 24)),
        ("july 4th 2030", (2030, 7, 4)),
        ("the fourth of july twenty thirty", (2030, 7, 4)),
        ("the 21st", (2026, 11, 21)),
        ("the twentieth", (2026, 12, 20)),
        ("the 31st", (2026, 12, 31)),
        ("february 29", (2028, 2, 29)),
        ("2027-02-03", (2027, 2, 3)),
        ("in two weeks", (2026, 12, 5)),
        ("650 days from now", (2028, 9, 1)),
        ("three months ago", (2026, 8, 21)),
        ("next month", (2026, 12, 21)),
        ("christmas", (2026, 12, 25)),
        ("next christmas", (2026, 12, 25)),
        ("christmas next year", (2027, 12, 25)),
        ("thanksgiving", (2026, 11, 26)),
        ("new year's day", (2027, 1, 1)),
        ("easter", (2027, 3, 28)),
    ],
)
def test_a_day_has_its_date(text: str, day: tuple[int, int, int]) -> None:
    assert DAYS.day(text, TODAY) == date(*day)


@pytest.mark.parametrize(
    "text",
    ["", "my birthday", "5", "tea", "the 32nd", "may 40", "in tea days", "in 99999999 years", "february 30", "on"],
)
def test_what_names_no_day_has_no_date(text: str) -> None:
    assert DAYS.day(text, TODAY) is None


def test_in_a_shorter_month_the_last_day_is_meant() -> None:
    assert DAYS.day("in a month", date(2026, 1, 31)) == date(2026, 2, 28)


def test_a_day_that_is_over_is_the_last_one_of_its_name() -> None:
    assert DAYS.past_day("christmas", TODAY) == date(2025, 12, 25)
    assert DAYS.past_day("yesterday", TODAY) == date(2026, 11, 20)


def test_a_holiday_is_known_by_its_name_alone() -> None:
    assert DAYS.holiday_name("next christmas") == "christmas"
    assert DAYS.holiday_name("easter 2030") == "easter"
    assert not DAYS.is_holiday("the 3rd of may")
