"""The layers of understanding, in order; the first sure one wins. Nothing is claimed by similarity alone.

1. An answer to what Vesper asked: yes or no, one of the choices, the missing value.
2. The sentence templates of all skills.
3. Nobody: the losing candidates with their scores.

An open question does not lock the user in: a sentence that is a whole request of its own goes before a free-text
answer, and is tried when the answer makes no sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from vesper.understanding.intents import IntentMatch, SlotValue, Understanding
from vesper.understanding.templates import SentenceTemplates

CANCEL_INTENT = "cancel"
CONFIRM_SLOT = "confirmed"
_FREE_KINDS = frozenset({"text", "name"})


class Expected(Protocol):
    """What the last answer asked (a skills.Question): which slot of which intent the next sentence fills."""

    @property
    def kind(self) -> Literal["confirm", "choose", "fill"]:
        """Yes or no, one of `choices`, or the value of `slot`."""
        ...

    @property
    def intent(self) -> str:
        """The intent that goes on with the answer."""
        ...

    @property
    def slot(self) -> str:
        """The slot that the answer fills."""
        ...

    @property
    def slots(self) -> Mapping[str, SlotValue] | None:
        """What is known already."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen."""
        ...


class Recogniser:
    """Understands sentences of one language. Pure: no state, no effect."""

    def __init__(self, templates: SentenceTemplates) -> None:
        self.templates = templates
        pack = templates.pack
        words = {name: frozenset(pack.entries("shared", name)) for name in _WORD_LISTS}
        self._yes, self._no, self._leave = words["yes"], words["no"], words["leave"]
        self._every, self._last, self._around_choice = words["every"], words["last_one"], words["choice_words"]

    def understand(self, text: str, expected: Expected | None = None) -> Understanding:
        """What a sentence means, after the question `expected` if there is one."""
        if expected is None:
            return self.templates.match(text)
        answer = self._answer(text, expected)
        is_free = expected.kind == "fill" and self._slot_kind(expected) in _FREE_KINDS
        if answer is not None and not is_free:
            return Understanding((answer,))
        request = self.templates.match(text)
        if request.matches or answer is None:
            return request
        return Understanding((answer,), request.losers)

    def _answer(self, text: str, expected: Expected) -> IntentMatch | None:
        readings = self.templates.wording.readings(text)
        if expected.kind == "confirm":
            return self._confirmation(readings, expected)
        if any(reading in self._leave for reading in readings):
            return IntentMatch(CANCEL_INTENT, text=text)
        read = self._choice if expected.kind == "choose" else self._filling
        values = (read(reading, expected) for reading in reversed(readings))
        value = next((value for value in values if value is not None), None)
        return None if value is None else _filled(expected, expected.slot, value, text=text)

    def _confirmation(self, readings: list[str], expected: Expected) -> IntentMatch | None:
        """Yes goes on with the intent and `confirmed`; no cancels."""
        for reading in readings:
            if reading in self._no:
                return IntentMatch(CANCEL_INTENT, text=reading)
            if reading in self._yes:
                return _filled(expected, CONFIRM_SLOT, "yes", text=reading)
        return None

    def _choice(self, text: str, expected: Expected) -> str | None:
        """The choice that was meant: named, by its number, by words only it has; "all" for every one."""
        plain = self.templates.wording.plain
        choices = {choice: plain(choice) for choice in expected.choices}
        if text in self._every:
            return "all"
        exact = [choice for choice, said in choices.items() if said == text]
        if exact:
            return exact[0]
        words = [word for word in text.split() if word not in self._around_choice]
        number = self._choice_number(words or text.split(), len(choices))
        if number is not None:
            return expected.choices[number]
        fitting = [choice for choice, said in choices.items() if words and set(words) <= set(said.split())]
        return fitting[0] if len(fitting) == 1 else None

    def _choice_number(self, words: list[str], count: int) -> int | None:
        if len(words) == 1 and words[0] in self._last:
            return count - 1
        numbers = self.templates.slots.numbers
        found = numbers.ordinal(words, 0) or numbers.read(words, 0)
        if found is None or found[1] != len(words) or not 1 <= found[0] <= count:
            return None
        return int(found[0]) - 1

    def _filling(self, text: str, expected: Expected) -> SlotValue | None:
        """The missing value: a sentence that is such a value, also with a word or two before it ("for ten minutes")."""
        kind = self._slot_kind(expected)
        slots = self.templates.slots
        words = text.split()
        for start in range(1 if kind in _FREE_KINDS else min(4, len(words))):
            value = slots.value(kind or "number", " ".join(words[start:]))
            if value is not None:
                return value
        return None

    def _slot_kind(self, expected: Expected) -> str:
        return self.templates.slot_kind(expected.intent, expected.slot)


_WORD_LISTS = ("yes", "no", "leave", "every", "last_one", "choice_words")


def _filled(expected: Expected, slot: str, value: SlotValue, *, text: str) -> IntentMatch:
    return IntentMatch(expected.intent, {**(expected.slots or {}), slot: value}, text=text)
