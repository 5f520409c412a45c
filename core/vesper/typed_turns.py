"""Typed turns: a sentence in, the whole answer out, traced like a spoken turn."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.events import TurnFinished
from vesper.dialogue.answer import Plan
from vesper.dialogue.late import LateResponder
from vesper.dialogue.responder import Responder
from vesper.dialogue.session import Session, Sessions
from vesper.dialogue.utterance import Utterance
from vesper.voice.trace import Keep, TurnRecord

Prepare = Callable[[Responder, Plan], Awaitable[None]]


async def _nothing_to_prepare(_responder: Responder, _plan: Plan) -> None:
    """Everything that a plan could need is there already."""


class TypedTurns:
    """Answers typed sentences. `keep` takes the trace, `prepare` is awaited between understanding and acting."""

    def __init__(
        self,
        responder: LateResponder,
        language: str,
        *,
        bus: EventBus,
        clock: Clock,
        keep: Keep,
        prepare: Prepare = _nothing_to_prepare,
    ) -> None:
        self._responder = responder
        self._language = language
        self._bus = bus
        self._clock = clock
        self._keep = keep
        self._prepare = prepare
        self._sessions = Sessions()

    async def ask(self, text: str, session: str | None = None) -> dict[str, Any]:
        """One typed turn of the session of this id, or of a new one; the object of `ask --json`."""
        return await self.turn(text, self._sessions.get(session))

    async def turn(self, text: str, session: Session) -> dict[str, Any]:
        """One typed turn. An action once begun is finished."""
        responder = await self._responder.ready()
        record = TurnRecord(secrets.token_hex(8), "typed", self._clock.now().isoformat(timespec="seconds"))
        utterance = Utterance(text, language=self._language)
        plan = await responder.understand(utterance, session, turn=record.id)
        await self._prepare(responder, plan)
        deed = await responder.act(plan).deed
        answer = deed.result.as_dict()
        record.outcome, record.ms = deed.outcome, answer["ms"]
        record.said, record.answered = text, answer["answer"]
        record.facts.update(plan.facts())
        self._bus.publish(TurnFinished(turn=record.id, outcome=record.outcome, ms=record.ms))
        await self._keep(record)
        return answer
