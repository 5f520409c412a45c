"""The values of a turn's middle: the plan, the answer while it is told, and the whole of it for `vesper ask --json`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

from vesper.dialogue.session import Session
from vesper.dialogue.utterance import Utterance
from vesper.skills.skill import Question, Reply
from vesper.understanding.intents import IntentMatch

Outcome = Literal["answered", "asked", "unclaimed", "failed"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an utterance asks for, with no effect yet: `matches` in the order of doing, `losers` if nobody claims it.

    `back` is asked back instead of doing anything. `turn` is the id that its events carry, `ms` how long understanding
    took.
    """

    turn: str
    utterance: Utterance
    session: Session
    matches: tuple[IntentMatch, ...]
    losers: tuple[IntentMatch, ...]
    ms: float
    back: Reply | None = None

    def facts(self) -> dict[str, Any]:
        """For the turn's trace: the `intents` by name, and what those that lost scored."""
        nearest = {match.intent: round(match.score, 3) for match in self.losers}
        return {"intents": [match.intent for match in self.matches], **({"nearest": nearest} if nearest else {})}


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A piece of the answer as shown; `is_spoken` is False where the wish was silence."""

    text: str
    is_spoken: bool = True


@dataclass(frozen=True, slots=True)
class AskResult:
    """A whole typed turn. `question` is what Vesper waits for now; times are in milliseconds."""

    text: str
    matches: tuple[IntentMatch, ...]
    answer: str
    spoken: str
    source: str
    question: Question | None
    understand_ms: float
    act_ms: float
    session: str

    def as_dict(self) -> dict[str, Any]:
        """The object that `vesper ask --json` prints (interfaces.md section 2)."""
        asked = self.question
        needs = None if asked is None else {"kind": asked.kind, "prompt": asked.prompt, "choices": list(asked.choices)}
        total = round(self.understand_ms + self.act_ms, 2)
        return {
            "text": self.text,
            "intents": [match.as_dict() for match in self.matches],
            "answer": self.answer,
            "spoken": self.spoken,
            "source": self.source,
            "needs": needs,
            "ms": {"understand": self.understand_ms, "act": self.act_ms, "total": total},
            "session": self.session,
        }


@dataclass(frozen=True, slots=True)
class Deed:
    """What came of carrying out a plan."""

    result: AskResult
    outcome: Outcome


class Answer:
    """An answer being made and told: iterate it for its parts; cancelling that never cancels the deed."""

    def __init__(self, parts: AsyncIterator[AnswerPart], deed: asyncio.Task[Deed]) -> None:
        self._parts = parts
        self.deed = deed

    def __aiter__(self) -> AsyncIterator[AnswerPart]:
        return self._parts

    async def __anext__(self) -> AnswerPart:
        return await anext(self._parts)

    async def outcome(self) -> Outcome:
        """How the turn ended: waits until the deed is done."""
        return (await asyncio.shield(self.deed)).outcome
