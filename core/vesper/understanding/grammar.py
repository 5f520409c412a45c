"""The sentence templates as a Grammar for speech to text: the recogniser expects exactly what the matcher accepts.

In: templates parsed by hassil, their lists and rules. Out: a `Grammar` (`vesper.ports.stt`) whose words are lower
case, without punctuation but apostrophes, numbers spelled as words. Free text (a wildcard) cannot be expected
word by word, so sentences that need it are left out; a recogniser with a general language hears those.

Weights say what is likely before anything was heard: every intent equally, within it every template, within that
every alternative and every value of a list; so a template with a thousand cities drowns nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vesper.base.errors import BadInput
from vesper.ports.stt import Grammar
from vesper.understanding.word_graph import SPACE, SentenceNetwork, word_graph

if TYPE_CHECKING:
    from hassil.expression import Expression, ListReference, Sentence
    from hassil.intents import Intents, RangeSlotList, SlotList

_NO_WORD = re.compile(r"[^\w' ]+|_")
_PERMUTED_AT_MOST = 5

SpellNumber = Callable[[float], Sequence[str]]


def build_grammar(
    intents: Intents,
    slot_lists: Mapping[str, SlotList] | None = None,
    *,
    language: str,
    prefixes: Sequence[str] = (),
    key: str,
) -> Grammar:
    """The grammar of all templates in `intents`.

    `slot_lists` are added to the lists that come with the intents, `prefixes` are the wake phrases that may be
    spoken before a sentence, `key` identifies everything that went in (`grammar_cache.grammar_key`).
    Raises BadInput("grammar.unknown_list", "grammar.unknown_rule" or "grammar.empty").
    """
    network = SentenceNetwork()
    numbers = _number_speller(language)
    found: list[list[tuple[int, int]]] = []
    for intent in intents.intents.values():
        templates: list[tuple[int, int]] = []
        for data in intent.data:
            lists = {**intents.slot_lists, **(slot_lists or {}), **data.slot_lists}
            weaver = _Weaver(network, lists, {**intents.expansion_rules, **data.expansion_rules}, numbers)
            templates.extend(weaver.branches(sentence.expression for sentence in data.sentences))
        if templates:
            found.append(templates)
    if not found:
        raise BadInput("grammar.empty", "There is no sentence that could be recognised.")
    _deal_equally(network, found)
    return Grammar(key=key, language=language, graph=word_graph(network), prefixes=tuple(map(spoken, prefixes)))


def spoken(text: str) -> str:
    """Text as it stands in the graph: lower case, without punctuation but apostrophes, single spaces."""
    words = _NO_WORD.sub(SPACE, text.lower().replace("’", "'").replace(".", "")).split()
    return SPACE.join(word.strip("'") for word in words if word.strip("'"))


def _deal_equally(network: SentenceNetwork, found: list[list[tuple[int, int]]]) -> None:
    """Give each intent the same share of the start, and each template the same share of its intent."""
    for templates in found:
        for start, end in templates:
            network.join(SentenceNetwork.START, start, probability=1 / len(found) / len(templates))
            network.join(end, SentenceNetwork.END)


def _number_speller(language: str) -> SpellNumber:
    """How the numbers of a language are spoken, all wordings, from the same rules that the matcher uses."""
    from hassil.numbers import get_rbnf_engine

    engine = get_rbnf_engine(language)

    def spell(number: float) -> Sequence[str]:
        return sorted({spoken(words) for words in engine.format_number(number).text_by_ruleset.values()})

    return spell


class _Weaver:
    """Weaves one block of templates, with its lists and rules, into the network.

    Every method returns where the expression starts and ends, or None when no sentence goes through it.
    """

    def __init__(
        self,
        network: SentenceNetwork,
        lists: Mapping[str, SlotList],
        rules: Mapping[str, Sentence],
        spell: SpellNumber,
    ) -> None:
        self._network = network
        self._lists = lists
        self._rules = rules
        self._spell = spell

    def branches(self, expressions: Iterable[Expression]) -> list[tuple[int, int]]:
        """The expressions that can be spoken."""
        return [part for part in map(self.weave, expressions) if part]

    def weave(self, expression: Expression) -> tuple[int, int] | None:
        from hassil import expression as kinds

        match expression:
            case kinds.TextChunk():
                return self._text(expression.original_text)
            case kinds.Alternative():
                return self._one_of(expression.items)
            case kinds.Permutation():
                return self._any_order(expression.items)
            case kinds.Group():
                return self._one_after_another(expression.items)
            case kinds.RuleReference():
                return self.weave(self._rule(expression.rule_name))
            case kinds.ListReference():
                return self._list(expression)
            case _:
                raise BadInput("grammar.unknown_expression", f"A template holds “{expression}”, which cannot be heard.")

    def _text(self, text: str) -> tuple[int, int]:
        start = here = self._network.node()
        for piece in re.findall(r"\s+|\S+", text):
            for part in _parts(piece):
                here = self._append(here, part)
        return start, here

    def _append(self, node: int, piece: str) -> int:
        onward = self._network.node()
        self._network.join(node, onward, piece)
        return onward

    def _one_of(self, items: Iterable[Expression]) -> tuple[int, int] | None:
        return self._merge(self.branches(items))

    def _merge(self, branches: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        if not branches:
            return None
        start, end = self._network.node(), self._network.node()
        for first, last in branches:
            self._network.join(start, first, probability=1 / len(branches))
            self._network.join(last, end)
        return start, end

    def _one_after_another(self, items: Iterable[Expression], between: str = "") -> tuple[int, int] | None:
        parts: list[tuple[int, int]] = []
        for item in items:
            part = self.weave(item)
            if part is None:
                return None
            parts.append(part)
        if not parts:
            return self._text("")
        for (_, end), (start, _) in itertools.pairwise(parts):
            self._network.join(end, start, between)
        return parts[0][0], parts[-1][1]

    def _any_order(self, items: Sequence[Expression]) -> tuple[int, int] | None:
        if len(items) > _PERMUTED_AT_MOST:
            raise BadInput("grammar.permutation", f"A template permutes {len(items)} parts; five are the most.")
        orders = (self._one_after_another(order, SPACE) for order in itertools.permutations(items))
        return self._merge([order for order in orders if order])

    def _rule(self, name: str) -> Expression:
        if name not in self._rules:
            raise BadInput("grammar.unknown_rule", f"A template uses the rule “{name}”, which does not exist.")
        return self._rules[name].expression

    def _list(self, reference: ListReference) -> tuple[int, int] | None:
        from hassil.intents import RangeSlotList, TextSlotList

        values = self._values(reference)
        match values:
            case RangeSlotList():
                part = self._merge([self._text(words) for words in self._spelled(values)])
            case TextSlotList():
                part = self._one_of([value.text_in for value in values.values])
            case _:  # a wildcard: free text
                return None
        return self._between(reference.prefix, part, reference.suffix)

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

    def _spelled(self, values: RangeSlotList) -> list[str]:
        return [words for number in values.get_numbers() for words in self._spell(number)]

    def _between(self, prefix: Any, part: tuple[int, int] | None, suffix: Any) -> tuple[int, int] | None:
        """The part with the text that is glued to the braces of its list reference."""
        if part is None:
            return None
        before, after = self._text(prefix or ""), self._text(suffix or "")
        self._network.join(before[1], part[0])
        self._network.join(part[1], after[0])
        return before[0], after[1]


def _parts(piece: str) -> list[str]:
    """A run of letters or of white space as pieces of the network: words, and spaces between them."""
    cleaned = _NO_WORD.sub(SPACE, piece.lower().replace("’", "'").replace(".", ""))
    return [SPACE if part.isspace() else part for part in re.findall(r"\s+|\S+", cleaned)]
