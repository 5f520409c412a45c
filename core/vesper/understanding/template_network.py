"""Sentence templates as a network of what can be said.

In: expressions parsed by hassil, their lists and rules. Out: nodes and arcs of a `SentenceNetwork`. It is its own
file because it alone knows hassil's expressions.

Words are lower case, without punctuation but apostrophes, numbers spelled by the rules that the matcher uses. Free
text (a wildcard) cannot be expected word by word, and digits in a template are only typed: alternatives that need
them are left out.

Lists, and rules with lists in them, are woven once for all templates of an intent that go on alike behind them.
Otherwise each template would have its own copy of every city, date or duration, which takes long to determinise; and
were they shared by templates that go on differently, "delete the tea timer off" would be heard.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from vesper.base.errors import BadInput
from vesper.understanding.word_graph import SPACE, SentenceNetwork

if TYPE_CHECKING:
    from hassil.expression import Alternative, Expression, ListReference, Sentence
    from hassil.intents import RangeSlotList, SlotList

SpellNumber = Callable[[float], Sequence[str]]
Part = tuple[int, int]
Shared = dict[tuple[str, str], Part | None]
"""Parts by what they are and by what follows them."""

_NO_WORD = re.compile(r"[^\w' ]+|_")
_DIGIT = re.compile(r"\d")
_PERMUTED_AT_MOST = 5
# The probability that an optional part is not said.
_LEFT_OUT = 0.6


def spoken(text: str) -> str:
    """Text as it stands in the graph: lower case, without punctuation but apostrophes, single spaces."""
    return SPACE.join(word.strip("'") for word in _cleaned(text).split() if word.strip("'"))


def number_speller(language: str) -> SpellNumber:
    """How the numbers of a language are spoken, in all wordings that the matcher takes."""
    from hassil.numbers import get_rbnf_engine

    engine = get_rbnf_engine(language)

    def spell(number: float) -> Sequence[str]:
        return sorted({spoken(words) for words in engine.format_number(number).text_by_ruleset.values()})

    return spell


class Weaver:
    """Weaves templates, with their lists and rules, into the network.

    A part is where an expression starts and ends; None when no sentence goes through it. `share` is how often the
    template is said, relative to others: what leaves a shared part is dealt out by it.
    """

    def __init__(
        self,
        network: SentenceNetwork,
        lists: Mapping[str, SlotList],
        rules: Mapping[str, Sentence],
        *,
        spell: SpellNumber,
        shared: Shared,
        share: float = 1.0,
    ) -> None:
        self._network = network
        self._lists = lists
        self._rules = rules
        self._spell = spell
        self._shared_parts = shared
        self._share = share
        self._is_inside_shared = False
        self._behind = ""

    def branches(self, expressions: Iterable[Expression]) -> list[Part]:
        """The parts of those expressions that can be spoken."""
        return [part for expression in expressions if (part := self.weave(expression))]

    def weave(self, expression: Expression) -> Part | None:
        """One expression.

        Raises BadInput("grammar.unknown_list", "grammar.unknown_rule" or "grammar.unknown_expression").
        """
        from hassil import expression as kinds

        match expression:
            case kinds.TextChunk():
                return self._text(expression.original_text)
            case kinds.Alternative():
                return self._one_of(expression)
            case kinds.Permutation():
                return self._any_order(expression.items)
            case kinds.Group():
                return self._one_after_another(expression.items)
            case kinds.RuleReference():
                return self._by_rule(expression.rule_name)
            case kinds.ListReference():
                return self._shared(f"{{{expression.list_name}}}", lambda: self._list(expression))
            case _:
                raise BadInput("grammar.unknown_expression", f"A template holds “{expression}”, which cannot be heard.")

    def _text(self, text: str) -> Part | None:
        if _DIGIT.search(text):
            return None
        start = here = self._network.node()
        for piece in _pieces(text):
            here = self._append(here, piece)
        return start, here

    def _append(self, node: int, piece: str) -> int:
        onward = self._network.node()
        self._network.join(node, onward, piece)
        return onward

    def _one_of(self, alternative: Alternative) -> Part | None:
        """Alternatives: those written first are said most, and what may be left out mostly is."""
        items = alternative.items
        shares = [share_of_rank(rank) for rank in range(len(items))]
        if alternative.is_optional:  # its last item is the empty text
            shares[-1] = sum(shares[:-1]) * _LEFT_OUT / (1 - _LEFT_OUT)
        return self._merge([(part, share) for part, share in zip(map(self.weave, items), shares, strict=True) if part])

    def _merge(self, branches: Sequence[tuple[Part, float]]) -> Part | None:
        if not branches:
            return None
        start, end = self._network.node(), self._network.node()
        for (first, last), share in branches:
            self._network.join(start, first, probability=share)
            self._network.join(last, end, probability=self._share)
        return start, end

    def _one_after_another(self, items: Sequence[Expression], between: str = "") -> Part | None:
        parts: list[Part] = []
        behind = self._behind
        for number, item in enumerate(items, 1):
            self._behind = f"{items[number:]}{between}{behind}"
            part = self.weave(item)
            self._behind = behind
            if part is None:
                return None
            parts.append(part)
        if not parts:
            return self._text("")
        for (_, end), (start, _) in itertools.pairwise(parts):
            self._network.join(end, start, between, probability=self._share)
        return parts[0][0], parts[-1][1]

    def _any_order(self, items: Sequence[Expression]) -> Part | None:
        if len(items) > _PERMUTED_AT_MOST:
            raise BadInput("grammar.permutation", f"A template permutes {len(items)} parts; five are the most.")
        orders = (self._one_after_another(order, SPACE) for order in itertools.permutations(items))
        return self._merge([(order, 1.0) for order in orders if order])

    def _by_rule(self, name: str) -> Part | None:
        if name not in self._rules:
            raise BadInput("grammar.unknown_rule", f"A template uses the rule “{name}”, which does not exist.")
        body = self._rules[name].expression
        if _has_list(body, self._rules):
            return self._shared(f"<{name}>", lambda: self.weave(body))
        return self.weave(body)

    def _shared(self, name: str, weave: Callable[[], Part | None]) -> Part | None:
        """A part that all templates of an intent share in which the same follows; so the network stays acyclic."""
        if self._is_inside_shared:
            return weave()
        key = (name, self._behind)
        if key not in self._shared_parts:
            self._is_inside_shared = True
            self._shared_parts[key] = weave()
            self._is_inside_shared = False
        return self._shared_parts[key]

    def _list(self, reference: ListReference) -> Part | None:
        from hassil.intents import RangeSlotList, TextSlotList

        values = self._values(reference)
        if isinstance(values, RangeSlotList):
            return self._merge([(part, share) for words, share in self._spelled(values) if (part := self._text(words))])
        if isinstance(values, TextSlotList):
            return self._merge([(part, 1.0) for part in self.branches(value.text_in for value in values.values)])
        return None

    def _values(self, reference: ListReference) -> SlotList:
        from hassil.intents import RangeSlotList

        inline = reference.get_inline_range()
        if inline:
            start, stop, step = inline
            return RangeSlotList(name=reference.list_name, start=start, stop=stop, step=step)
        if reference.list_name not in self._lists:
            name = reference.list_name
            raise BadInput("grammar.unknown_list", f"A template uses the list “{name}”, which does not exist.")
        return self._lists[reference.list_name]

    def _spelled(self, values: RangeSlotList) -> list[tuple[str, float]]:
        return [(words, _usual(number)) for number in values.get_numbers() for words in self._spell(number)]


def share_of_rank(rank: int) -> float:
    """How often the alternative written at `rank` (from 0) is said, relative to the others.

    The exponent is Zipf's, a little steeper; of 0.5, 1.2 and 1.6 this one heard most.
    """
    return (rank + 1) ** -1.2


def _usual(number: float) -> float:
    """How often a number is said, relative to others: small and round ones most, those beyond sixty seldom."""
    is_round = number <= 10 or number % 5 == 0
    return (10.0 if is_round else 1.0) * (1.0 if number <= 60 else 0.1)


def _has_list(expression: Expression, rules: Mapping[str, Sentence]) -> bool:
    from hassil.expression import Group, ListReference, RuleReference

    if isinstance(expression, Group):
        return any(_has_list(item, rules) for item in expression.items)
    if isinstance(expression, RuleReference):
        return expression.rule_name in rules and _has_list(rules[expression.rule_name].expression, rules)
    return isinstance(expression, ListReference)


def _cleaned(text: str) -> str:
    return _NO_WORD.sub(SPACE, text.lower().replace("’", "'").replace(".", ""))


def _pieces(text: str) -> list[str]:
    """Text as pieces of the network: runs of letters, and spaces between them."""
    return [SPACE if part.isspace() else part for part in re.findall(r"\s+|\S+", _cleaned(text))]
