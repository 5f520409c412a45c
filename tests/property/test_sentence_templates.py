"""Every template of the English pack, said at random: it is understood as what it was written for.

This finds templates that can never match (a lost space), two intents that claim one sentence, and list values that
their kind does not understand.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.support.conversation import templates

ROUNDS, LONG_ROUNDS = 3, 30
DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Draw:
    """Draws sentences of templates as they are spoken. A day stands only beside a month that has it."""

    def __init__(self, seed: str) -> None:
        self._choose = random.Random(seed)
        self._day = self._days = 0

    def sentence(self, expression: Any) -> str:
        """A random sentence; LookupError where only free words could stand."""
        self._day = self._days = 0
        return " ".join(self._drawn(expression).split())

    def _drawn(self, expression: Any) -> str:
        from hassil import expression as kinds

        match expression:
            case kinds.TextChunk():
                return expression.original_text
            case kinds.Alternative():
                return self._drawn(self._choose.choice(expression.items))
            case kinds.Group():
                return "".join(self._drawn(item) for item in expression.items)
            case kinds.RuleReference():
                return self._drawn(templates().intents.expansion_rules[expression.rule_name].expression)
            case _:
                return self._of_list(expression.list_name)

    def _of_list(self, name: str) -> str:
        from hassil.intents import RangeSlotList
        from hassil.numbers import get_rbnf_engine

        values = templates().spoken_lists[name]
        if isinstance(values, RangeSlotList):
            spelled = get_rbnf_engine("en").format_number(self._one_of(name, list(values.get_numbers())))
            return str(self._choose.choice(sorted(spelled.text_by_ruleset.values()))).replace("-", " ")
        if not values.values:
            raise LookupError(name)
        return self._drawn(self._one_of(name, values.values).text_in)

    def _one_of(self, name: str, values: list[Any]) -> Any:
        """A value of a list; of months and days, which are written in order, one that goes with the other."""
        match name:
            case "month_name":
                assert len(values) == len(DAYS_OF_MONTHS)
                month = self._choose.choice([m for m, days in enumerate(DAYS_OF_MONTHS) if days >= self._day])
                self._days = DAYS_OF_MONTHS[month]
                return values[month]
            case "day_ordinal" | "day_number":
                assert len(values) == max(DAYS_OF_MONTHS)
                self._day = self._choose.randint(1, self._days or len(values))
                return values[self._day - 1]
            case _:
                return self._choose.choice(values)


def names_leap_day_of_a_year(sentence: str) -> bool:
    """Whether a sentence names February 29 of a year that may have none; without a year the next one is meant."""
    return "february" in sentence and "year" in sentence and any(day in sentence for day in ("twenty nin", "29"))


@pytest.mark.timeout(600)
def test_whatever_can_be_said_is_understood_as_it_was_meant(is_long: bool) -> None:
    wrong: list[str] = []
    for template in templates().templates:
        draw = Draw(template.text)  # so that a new template leaves the others' sentences as they are
        for _ in range(LONG_ROUNDS if is_long else ROUNDS):
            try:
                sentence = draw.sentence(template.data.sentences[0].expression)
            except LookupError:
                break
            if names_leap_day_of_a_year(sentence):
                continue
            understood = [match.intent for match in templates().match(sentence).matches]
            if understood != [template.intent]:
                wrong.append(f"{sentence!r} is {understood}, not {template.intent}: {template.text}")
    assert wrong == []


@pytest.mark.parametrize("text", ["[the ]{day_ordinal:_} of {month_name:_}", "{month_name:_} {day_number:_}"])
def test_every_day_that_is_drawn_is_in_the_calendar(text: str) -> None:
    from hassil.parse_expression import parse_sentence

    draw = Draw(text)
    drawn = {draw.sentence(parse_sentence(text).expression) for _ in range(3000)}
    assert {day for day in drawn if "february" in day and "thirt" in day.replace("thirteen", "")} == set()
    assert any("february" in day and "twenty" in day and "nin" in day for day in drawn)
    assert any("january" in day and "thirt" in day.replace("thirteen", "") for day in drawn)
