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


def drawn(expression: Any, choose: random.Random) -> str:
    """A random sentence of a template, as it is spoken; LookupError where only free words could stand."""
    from hassil import expression as kinds
    from hassil.intents import RangeSlotList
    from hassil.numbers import get_rbnf_engine

    match expression:
        case kinds.TextChunk():
            return expression.original_text
        case kinds.Alternative():
            return drawn(choose.choice(expression.items), choose)
        case kinds.Group():
            return "".join(drawn(item, choose) for item in expression.items)
        case kinds.RuleReference():
            return drawn(templates().intents.expansion_rules[expression.rule_name].expression, choose)
        case _:
            values = templates().spoken_lists[expression.list_name]
    if isinstance(values, RangeSlotList):
        spelled = get_rbnf_engine("en").format_number(choose.choice(list(values.get_numbers())))
        return str(choose.choice(sorted(spelled.text_by_ruleset.values()))).replace("-", " ")
    if not values.values:
        raise LookupError(expression.list_name)
    return drawn(choose.choice(values.values).text_in, choose)


@pytest.mark.timeout(600)
def test_whatever_can_be_said_is_understood_as_it_was_meant(is_long: bool) -> None:
    choose = random.Random(7)
    wrong: list[str] = []
    for template in templates().templates:
        for _ in range(LONG_ROUNDS if is_long else ROUNDS):
            try:
                sentence = " ".join(drawn(template.data.sentences[0].expression, choose).split())
            except LookupError:
                break
            understood = [match.intent for match in templates().match(sentence).matches]
            if understood != [template.intent]:
                wrong.append(f"{sentence!r} is {understood}, not {template.intent}: {template.text}")
    assert wrong == []
