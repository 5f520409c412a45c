"""Slot values by their kinds."""

from __future__ import annotations

import pytest

from vesper.base.language import load_language
from vesper.understanding.slots import SlotReader

SLOTS = SlotReader(load_language("en"))


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("duration", "an hour and a half", "PT1H30M"),
        ("duration", "the pizza", None),
        ("day", "the 3rd of may", "the 3rd of may"),
        ("day", "my birthday", None),
        ("number", "twenty five", 25),
        ("place", "the hague", "hague"),
        ("place", "narnia", None),
        ("name", "the sourdough bread", "sourdough bread"),
        ("name", "five minutes", None),
        ("name", "my timer", None),
        ("name", "one two three four five six", None),
        ("text", "the quick brown fox jumps over it", "quick brown fox jumps over it"),
        ("", 5.0, 5),
    ],
)
def test_a_free_value_is_normalised_or_refused(kind: str, said: object, value: object) -> None:
    assert SLOTS.value(kind, said) == value


def test_a_known_value_is_taken_as_it_is() -> None:
    assert SLOTS.value("name", "the timer", is_free=False) == "timer"


def test_a_fixed_value_is_the_one_of_its_list() -> None:
    assert SLOTS.value("", "a lot of milk", is_free=False) == "a lot of milk"


def test_checked_kinds_leave_no_doubt() -> None:
    assert [SLOTS.doubt(kind) for kind in ("duration", "place", "name", "text")] == [0, 0, 1, 1]
