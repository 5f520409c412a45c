"""Numbers in words and digits."""

from __future__ import annotations

import pytest

from vesper.base.language import load_language
from vesper.understanding.quantities.numbers import NumberWords, tidy

NUMBERS = NumberWords(load_language("en"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zero", 0),
        ("five", 5),
        ("twenty five", 25),
        ("twenty-five", 25),
        ("a hundred", 100),
        ("a hundred and two", 102),
        ("one thousand two hundred and three", 1203),
        ("two million", 2_000_000),
        ("2.5", 2.5),
        ("2,5", 2.5),
        ("two point five", 2.5),
        ("two and a half", 2.5),
        ("half", 0.5),
        ("a quarter", 0.25),
        ("three quarters", 0.75),
        ("an", 1),
    ],
)
def test_a_number_has_its_value(text: str, value: float) -> None:
    assert NUMBERS.number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "tea", "five twenty", "two three", "five minutes", "and", "point five hundred"])
def test_what_is_no_number_has_none(text: str) -> None:
    assert NUMBERS.number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("third", 3), ("3rd", 3), ("3", 3), ("twenty first", 21), ("thirtieth", 30), ("21st", 21)]
)
def test_ordinals(text: str, value: int) -> None:
    words = text.split()

    assert NUMBERS.ordinal(words, 0) == (value, len(words))


def test_a_whole_number_is_an_integer() -> None:
    assert (repr(tidy(5.0)), repr(tidy(2.5))) == ("5", "2.5")
