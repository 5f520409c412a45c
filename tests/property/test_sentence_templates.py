"""Every template of the English pack, said at random: it is understood as what it was written for.

This finds templates that can never match (a lost space), two intents that claim one sentence, and list values that
their kind does not understand.
"""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from tests.support.conversation import templates

ROUNDS, LONG_ROUNDS = 3, 30
# Any ordinal may stand beside any month; a day that no calendar has is rightly no day.
_SHORT_MONTHS = "february|april|june|september|november"
NO_SUCH_DAY = re.compile(
    rf"(?:{_SHORT_MONTHS})(?: the)? (?:thirty[ -]first|31)"
    rf"|(?:thirty[ -]first|31)\S*(?: day)?(?: of)? (?:{_SHORT_MONTHS})"
    r"|february(?: the)? (?:thirtieth|thirty|30)|(?:thirtieth|thirty|30)\S*(?: of)? february"
)


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
    wrong: list[str] = []
    for template in templates().templates:
        choose = random.Random(template.text)  # so that a new template leaves the others' sentences as they are
        for _ in range(LONG_ROUNDS if is_long else ROUNDS):
            try:
                sentence = " ".join(drawn(template.data.sentences[0].expression, choose).split())
            except LookupError:
                break
            if NO_SUCH_DAY.search(sentence):
                continue
            understood = [match.intent for match in templates().match(sentence).matches]
            if understood != [template.intent]:
                wrong.append(f"{sentence!r} is {understood}, not {template.intent}: {template.text}")
    assert wrong == []
