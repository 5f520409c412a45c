"""What a skill is: a class with intents and one `@handles` method for each; its words are language data.

A skill reads from top to bottom: what it hears, what it does, how that is undone. It imports no service: what
it may use stands in the SkillContext it is given.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from vesper.base.clock import Clock
from vesper.scheduling.keeper import Keeper
from vesper.understanding.intents import IntentSpec, SlotValue

Slots = Mapping[str, SlotValue]
Undo = Callable[[], Awaitable["Reply"]]


@dataclass(frozen=True, slots=True)
class Question:
    """Something the answer asks: which `slot` of which intent a following sentence fills.

    `kind` is confirm, choose or fill; `choices` are what may be chosen; `slots` what is known already.
    """

    kind: Literal["confirm", "choose", "fill"]
    prompt: str
    intent: str
    slot: str = ""
    slots: Mapping[str, SlotValue] | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A skill's answer. `text` is shown and spoken; `question` is set when it asks; `undo` takes it back.

    `stops_speech`: the wish was to be silent, so nothing is spoken.
    """

    text: str
    question: Question | None = None
    undo: Undo | None = None
    is_ok: bool = True
    stops_speech: bool = False


class VoiceControl(Protocol):
    """Vesper's own voice, as a skill may change it."""

    def get(self, what: Literal["volume", "rate"]) -> int:
        """The volume in percent, or the rate in words a minute."""
        ...

    def set(self, what: Literal["volume", "rate"], value: int) -> int:
        """Set it, kept within its bounds; returns what it is now."""
        ...

    def stop(self) -> bool:
        """Be silent now; returns whether something was being said or rung."""
        ...


class Hindsight(Protocol):
    """What went wrong lately, as a skill may ask for it."""

    async def why_not_answered(self) -> str:
        """Why Vesper did not answer, in one sentence with what to do; also when nothing went wrong."""
        ...


class Words(Protocol):
    """A skill's answers in the user's language."""

    def say(self, key: str, **values: Any) -> str:
        """The answer `key` of this skill's language file, with its values filled in."""
        ...

    def duration(self, seconds: float) -> str:
        """A duration as people say it: "1 minute and 30 seconds"."""
        ...

    def join(self, items: Sequence[str]) -> str:
        """Items as a list in a sentence: "a, b and c"."""
        ...

    def time(self, moment: datetime) -> str:
        """The time of day in the moment's own zone: "3:05 pm"."""
        ...

    def date(self, day: date, *, with_year: bool = True) -> str:
        """A date with its weekday: "Monday, March 2, 2026"."""
        ...

    def weekday(self, day: date) -> str:
        """The name of the day: "Monday"."""
        ...


@dataclass(frozen=True, slots=True)
class SkillContext:
    """What a skill may use while it acts.

    `last_answer` is what Vesper said last (for "repeat that"); `undo` takes the last action back, where it can be;
    `examples` are sentences of all skills in this language (for "what can you do"); `language` is ISO 639-1;
    `hindsight` knows the last minutes.
    """

    clock: Clock
    words: Words
    keeper: Keeper
    voice: VoiceControl
    hindsight: Hindsight
    language: str
    last_answer: str
    examples: Mapping[str, Sequence[str]]
    has_listener: bool = True
    undo: Undo | None = None


Handler = Callable[[Any, Slots, SkillContext], Awaitable[Reply]]
H = TypeVar("H", bound=Handler)


def handles(*intents: str) -> Callable[[H], H]:
    """Mark a method of a skill as the one that carries out these intents."""

    def mark(method: H) -> H:
        method.__dict__["handles"] = intents
        return method

    return mark


class Skill:
    """Base of all skills: `name` is the language file's name, `intents` what it claims.

    `needs_storage`: it reads or changes what the user entrusts to Vesper (a command made for one question opens the
    storage for such skills alone).
    """

    name: ClassVar[str]
    intents: ClassVar[tuple[IntentSpec, ...]]
    needs_storage: ClassVar[bool] = False

    def handlers(self) -> dict[str, Callable[[Slots, SkillContext], Awaitable[Reply]]]:
        """Intent name to bound method."""
        found: dict[str, Callable[[Slots, SkillContext], Awaitable[Reply]]] = {}
        for attribute in dir(type(self)):
            method = getattr(self, attribute)
            for intent in getattr(method, "handles", ()):
                found[intent] = method
        return found
