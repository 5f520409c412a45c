"""Sentence templates to intents: the language pack's templates, matched by hassil.

A list in a language file is one of:

    level: {range: {from: 0, to: 100}}          numbers, in digits or words
    hand: {values: [left, {in: right, out: r}]}  fixed texts
    item: {kind: text, values: [milk, eggs]}     anything that its kind accepts; `values` are what can be *spoken*

The kinds are in understanding/slots.py (duration, day, place, name, text). Matching goes twice over the templates:
first every list stands for its values alone, as the speech recogniser's grammar does; only when nothing matches so,
a list with a kind may hold any words, and its kind decides whether they make sense. So what can be said is always
understood in the same way when it is typed.

A slot whose name begins with "_" is no slot of the intent: it helps to spell a value out ("{count:_} minutes").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from vesper.base.errors import BadInput
from vesper.base.language import LanguagePack, load_language
from vesper.understanding.intents import ANSWERS, IntentMatch, SlotValue, Understanding
from vesper.understanding.prefilter import TemplateIndex
from vesper.understanding.slots import SlotReader
from vesper.understanding.wording import Wording

if TYPE_CHECKING:
    from hassil.expression import ListReference, Sentence
    from hassil.intents import IntentData, Intents, SlotList
    from hassil.recognize import RecognizeResult

_FORMAT_VERSION = 2
_MOST_LOSERS = 3


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence template: the intent it means, its source text, and what it implies about slots.

    `kinds` maps each slot to the kind of its list ("" for fixed texts and numbers).
    """

    intent: str
    text: str
    data: IntentData
    minus: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A template that matched; ordered by `rank`, the lowest is the best."""

    match: IntentMatch
    rank: tuple[int, int, int]


class SentenceTemplates:
    """All templates of one language. Making it parses them (about 0.2 ms each, and hassil's import once)."""

    def __init__(self, language: str | LanguagePack) -> None:
        self.pack = load_language(language) if isinstance(language, str) else language
        self.slots = SlotReader(self.pack)
        self.wording = Wording(self.pack)
        lists = self.pack.merged("lists")
        self._kinds = {name: str(entry.get("kind", "")) for name, entry in lists.items()}
        spoken = {name: self._spoken(name, entry) for name, entry in lists.items()}
        typed = {name: {"wildcard": True} if self._kinds[name] else entry for name, entry in spoken.items()}
        self.intents = self._parse(spoken, self.pack.merged("intents"))
        answers = {"sentences": self.pack.entries("shared", "spoken_answers") or ("ok",)}
        self._spoken_answers = self._parse(spoken, {ANSWERS: [answers]})
        self._typed_lists = self._parse_lists(typed)
        self.templates = tuple(self._templates())
        self._index = TemplateIndex([(t.data.sentences[0], t.intent) for t in self.templates], self.intents)
        self._spell_numbers()

    @property
    def language(self) -> str:
        """The language's code, ISO 639-1."""
        return self.pack.code

    @property
    def spoken_lists(self) -> Mapping[str, SlotList]:
        """What each list holds when it is spoken: texts and number ranges, never free words."""
        return self.intents.slot_lists

    @property
    def spoken(self) -> Intents:
        """What the recogniser listens for: the blocks marked `spoken`, every block of an intent without one, and the
        answers to Vesper's own questions ("five minutes"), which are no request by themselves.

        A recogniser that expects every wording a person could type hears none of them well: English as a whole has
        100,000 arcs and came out right a third of the time, what people mostly say has a tenth of that.
        """
        from hassil.intents import Intent, Intents

        chosen: dict[str, Intent] = {}
        for name, intent in self.intents.intents.items():
            marked = [data for data in intent.data if (data.metadata or {}).get("spoken")]
            chosen[name] = Intent(name, marked or list(intent.data))
        chosen |= self._spoken_answers.intents
        return Intents(
            language=self.language,
            intents=chosen,
            slot_lists=self.intents.slot_lists,
            expansion_rules=self.intents.expansion_rules,
        )

    @property
    def key(self) -> str:
        """A hash of all that the spoken sentences are made of; equal keys mean equal grammars."""
        content = [_FORMAT_VERSION, self.language, self.wording.before, self.wording.after]
        content += [self.wording.spoken_before, self.wording.spoken_after]
        content += [self.pack.entries("shared", "spoken_answers")]
        content += [self.pack.merged(part) for part in ("intents", "lists", "rules")]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def slot_kind(self, intent: str, slot: str) -> str:
        """The kind of a slot of an intent, "" when it is a fixed text or a number."""
        return next((t.kinds[slot] for t in self.templates if t.intent == intent and slot in t.kinds), "")

    def match(self, text: str) -> Understanding:
        """The intent of a sentence; without one, the intents that share most words with it as losers."""
        readings = self.wording.readings(text)
        for free in (False, True):
            for reading in readings:
                candidates = sorted(self._candidates(reading, free=free), key=lambda candidate: candidate.rank)
                if candidates:
                    return _understanding([candidate.match for candidate in candidates])
        scores = self._index.likely(readings[-1])[:_MOST_LOSERS] if readings else []
        return Understanding(losers=tuple(IntentMatch(name, score=score, text=text) for name, score in scores))

    def _candidates(self, text: str, *, free: bool) -> Iterator[_Candidate]:
        from hassil.intents import Intent, Intents
        from hassil.recognize import recognize_all

        chosen = [self.templates[number] for number in self._index.possible(text)]
        by_data = {id(template.data): template for template in chosen}
        asked = Intents(
            language=self.language,
            intents={str(n): Intent(t.intent, [t.data]) for n, t in enumerate(chosen)},
            slot_lists=self._typed_lists if free else self.intents.slot_lists,
            expansion_rules=self.intents.expansion_rules,
        )
        for result in recognize_all(text, asked):
            candidate = self._candidate(by_data[id(result.intent_data)], result, text)
            if candidate is not None:
                yield candidate

    def _candidate(self, template: Template, result: RecognizeResult, text: str) -> _Candidate | None:
        """The result as a match, or None when a free value makes no sense for its kind."""
        slots: dict[str, SlotValue] = dict(result.intent_data.slots)
        doubt = 0
        for entity in result.entities_list:
            if entity.name.startswith("_"):
                continue
            kind = template.kinds.get(entity.name, "")
            value = self.slots.value(kind, entity.text if kind else entity.value, is_free=entity.is_wildcard)
            if value is None:
                return None
            slots[entity.name] = _negative(value) if entity.name in template.minus else value
            doubt += entity.is_wildcard * self.slots.doubt(kind)
        free_letters = sum(len(entity.text) for entity in result.entities_list if entity.is_wildcard)
        score = 1.0 - 0.1 * min(doubt, 5)
        match = IntentMatch(template.intent, slots, score, text)
        return _Candidate(match, (doubt, -result.text_chunks_matched, free_letters))

    def _templates(self) -> Iterator[Template]:
        for name, intent in self.intents.intents.items():
            for data in intent.data:
                references = _references(data.sentences[0], self.intents)
                kinds = {r.slot_name: self._kinds.get(r.list_name, "") for r in references}
                minus = frozenset(cast("Sequence[str]", (data.metadata or {}).get("minus", ())))
                yield Template(name, data.sentence_texts[0], data, minus, kinds)

    @staticmethod
    def _spoken(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        """A list as hassil's dictionary, with what can be spoken in the place of free words."""
        if "range" in entry:
            return {"range": entry["range"]}
        if "values" not in entry and "kind" not in entry:
            raise BadInput("language.damaged", f'The list "{name}" has neither values, a range nor a kind.')
        return {"values": list(entry.get("values", ()))}

    def _parse(self, lists: Mapping[str, Any], entries: Mapping[str, Any]) -> Intents:
        from hassil.intents import Intents

        rules = {name: str(body) for name, body in self.pack.merged("rules").items()}
        intents = {name: {"data": list(_blocks(name, entry))} for name, entry in entries.items()}
        return Intents.from_dict(
            {"language": self.language, "intents": intents, "lists": lists, "expansion_rules": rules}
        )

    def _spell_numbers(self) -> None:
        """Let hassil spell the numbers of every range now: it takes 10 ms for a hundred, too long for a first turn."""
        from hassil.intents import Intents, RangeSlotList
        from hassil.recognize import recognize

        ranges = {name: entry for name, entry in self.intents.slot_lists.items() if isinstance(entry, RangeSlotList)}
        probes = {name: {"data": [{"sentences": [f"{{{name}}}"]}]} for name in ranges}
        recognize(
            "no number", Intents.from_dict({"language": self.language, "intents": probes}), slot_lists=dict(ranges)
        )

    def _parse_lists(self, lists: Mapping[str, Any]) -> dict[str, SlotList]:
        from hassil.intents import Intents

        return Intents.from_dict({"language": self.language, "intents": {}, "lists": lists}).slot_lists


def _blocks(intent: str, entry: object) -> Iterator[dict[str, Any]]:
    """An intent's blocks as hassil's data, one for each sentence, so that a match tells its template."""
    blocks = cast("Sequence[Mapping[str, Any]]", entry) if isinstance(entry, list) else ()
    for block in blocks:
        for sentence in block.get("sentences", ()):
            if "|)" in sentence:
                raise BadInput(
                    "language.damaged",
                    f'The template "{sentence}" has an empty alternative, which never matches.',
                    "Write [a|b] for something that may be left out.",
                )
            metadata = {"minus": block.get("minus", ()), "spoken": bool(block.get("spoken"))}
            yield {"sentences": [sentence], "slots": dict(block.get("slots", {})), "metadata": metadata}
    if not blocks:
        sentence = f'The intent "{intent}" has no sentences.'
        raise BadInput("language.damaged", sentence, "Give it a list of blocks with `sentences`.")


def _negative(value: SlotValue) -> SlotValue:
    """The value counted down: numbers change their sign, ISO durations get one."""
    return f"-{value}" if isinstance(value, str) else -value


def _understanding(matches: Sequence[IntentMatch]) -> Understanding:
    """The best match, and the other intents that matched as losers."""
    best = matches[0]
    others = {match.intent: match for match in reversed(matches) if match.intent != best.intent}
    return Understanding((best,), tuple(others.values())[:_MOST_LOSERS])


def _references(sentence: Sentence, intents: Intents) -> Iterator[ListReference]:
    """Every list that a template refers to, also through its rules."""
    from hassil.expression import Group

    if isinstance(sentence.expression, Group):
        yield from sentence.expression.list_references(intents.expansion_rules)
