"""The middle of every turn, spoken or typed: what an utterance means, and doing it.

`understand` has no effect, so that its plan may be thrown away. `act` is the one place where things happen: the
actions run as a task of their own, which whoever listens to the answer cannot cut.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import VesperError
from vesper.base.events import AnswerText, Event, IntentUnclaimed, IntentUnderstood, SkillFinished, SkillStarted
from vesper.base.language import Phrases
from vesper.base.tasks import TaskOwner
from vesper.dialogue import doubt
from vesper.dialogue.answer import Answer, AnswerPart, AskResult, Deed, Outcome, Plan
from vesper.dialogue.session import Session
from vesper.dialogue.utterance import Utterance
from vesper.skills.registry import NOBODY, SkillRegistry
from vesper.skills.skill import Question, Reply
from vesper.understanding.intents import IntentMatch, Understanding
from vesper.understanding.recogniser import Recogniser

__all__ = ["Answer", "AnswerPart", "AskResult", "Plan", "Responder"]

E = TypeVar("E", bound=Event)
_log = logging.getLogger(__name__)


class Responder:
    """Answers utterances of one language. `owner` owns the actions: closing it waits for none of them."""

    def __init__(
        self, recogniser: Recogniser, registry: SkillRegistry, *, bus: EventBus, clock: Clock, owner: TaskOwner
    ) -> None:
        self._recogniser = recogniser
        self._registry = registry
        self._bus = bus
        self._clock = clock
        self._owner = owner
        self._words = Phrases(registry.pack, "shared")
        self._told = 0

    @property
    def intents(self) -> tuple[str, ...]:
        """The names of all intents that a skill carries out."""
        return tuple(self._registry.specs)

    def needs_storage(self, plan: Plan) -> bool:
        """Whether carrying the plan out works on the user's data."""
        return any(self._registry.needs_storage(match.intent) for match in plan.matches)

    async def understand(self, utterance: Utterance, session: Session, turn: str | None = None) -> Plan:
        """What the utterance asks for. Publishes intent.understood or intent.unclaimed, and changes nothing."""
        began = self._clock.monotonic()
        understood, back = self._understood(utterance, session.question)
        plan = Plan(
            turn=turn or secrets.token_hex(6),
            utterance=utterance,
            session=session,
            matches=self._in_order(understood.matches),
            losers=understood.losers,
            ms=_ms(self._clock.monotonic() - began),
            back=back,
        )
        if plan.matches:
            self._publish(IntentUnderstood(turn=plan.turn, intents=tuple(match.as_dict() for match in plan.matches)))
        else:
            self._publish(IntentUnclaimed(turn=plan.turn, best=tuple(match.as_dict() for match in plan.losers)))
        return plan

    def _understood(self, utterance: Utterance, asked: Question | None) -> tuple[Understanding, Reply | None]:
        """What was meant, and what to ask back where it is not sure that it was said (`dialogue.doubt`)."""
        understood = self._recogniser.understand(utterance.text, asked)
        matches = understood.matches
        if (sentence := doubt.confirmed(matches)) is not None:
            return self._recogniser.understand(sentence), None
        if doubt.is_denied(matches, asked) and not self._recogniser.understand(utterance.text).matches:
            return Understanding(()), Reply(self._words.say("say_again"))
        if doubt.is_doubted(utterance, matches, asked, harmful=self._registry.harmful):
            prompt = self._words.say("did_you_say", sentence=utterance.text)
            return Understanding((), matches), Reply(prompt, question=doubt.question(prompt, utterance.text))
        return understood, None

    def act(self, plan: Plan) -> Answer:
        """Carry the plan out, beginning now; the answer can be told part by part while it is being made."""
        deed = self._owner.start(self._carry_out(plan), f"act {plan.turn}")
        return Answer(_parts(deed), deed)

    async def ask(self, text: str, session: Session, turn: str | None = None) -> AskResult:
        """A typed turn as a whole."""
        plan = await self.understand(Utterance(text, language=self._registry.pack.code), session, turn)
        return (await self.act(plan).deed).result

    async def _carry_out(self, plan: Plan) -> Deed:
        began = self._clock.monotonic()
        outcome, source, replies = await self._answered(plan)
        text = " ".join(reply.text for reply in replies if reply.text)
        self._remember(plan, replies, text)
        self._publish(AnswerText(turn=plan.turn, text=text))
        question = plan.session.question
        result = AskResult(
            text=plan.utterance.text,
            matches=plan.matches,
            answer=text,
            spoken="" if any(reply.stops_speech for reply in replies) else text,
            source=source,
            question=question,
            understand_ms=plan.ms,
            act_ms=_ms(self._clock.monotonic() - began),
            session=plan.session.id,
        )
        return Deed(result, "asked" if question is not None and outcome == "answered" else outcome)

    async def _answered(self, plan: Plan) -> tuple[Outcome, str, list[Reply]]:
        """The outcome, the source, and the replies of all requests in order; a failure ends them."""
        if plan.back is not None:
            return "asked", NOBODY, [plan.back]
        if not plan.matches:
            return self._unclaimed(plan)
        replies: list[Reply] = []
        source = NOBODY
        for match in plan.matches:
            skill = self._registry.skill_of(match.intent)
            source = source if source != NOBODY or skill == NOBODY else f"skill:{skill}"
            has_failed, reply = await self._run(match, skill, plan)
            replies.append(reply)
            if has_failed:
                return "failed", source, replies
        return "answered", source, replies

    async def _run(self, match: IntentMatch, skill: str, plan: Plan) -> tuple[bool, Reply]:
        """Run one skill: whether it failed, and its reply, in a failure the sentence that says why."""
        began = self._clock.monotonic()
        self._publish(SkillStarted(turn=plan.turn, skill=skill))
        has_failed = True
        try:
            reply = await self._registry.run(match, last_answer=plan.session.last_answer, undo=plan.session.undo)
            has_failed = False
        except VesperError as error:
            reply = Reply(f"{error.sentence} {error.hint}".strip(), is_ok=False)
        except Exception as error:  # noqa: BLE001 (a bug in one skill must not end the conversation)
            # The message could hold the user's words; the type and the place are enough to find the bug.
            frames = traceback.extract_tb(error.__traceback__)
            places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:]))
            _log.error("skill %s failed: %s at %s", skill, type(error).__name__, places)
            reply = Reply(self._words.say("bug"), is_ok=False)
        ms = _ms(self._clock.monotonic() - began)
        self._publish(SkillFinished(turn=plan.turn, skill=skill, ms=ms, ok=not has_failed and reply.is_ok))
        return has_failed, reply

    def _unclaimed(self, plan: Plan) -> tuple[Outcome, str, list[Reply]]:
        """Nobody claims it: an open question is asked once more, else the answer says what is missing."""
        question = plan.session.question
        if question is not None and not plan.session.has_asked_again:
            return "answered", NOBODY, [Reply(question.prompt, question=question, is_ok=False)]
        if not plan.utterance.text.strip():
            return "unclaimed", NOBODY, [Reply(self._words.say("nothing"), is_ok=False)]
        key = "unclaimed_heard" if plan.utterance.source == "voice" else "unclaimed"
        return "unclaimed", NOBODY, [Reply(self._words.say(key, example=self._example(plan)), is_ok=False)]

    def _example(self, plan: Plan) -> str:
        """A sentence that works: of the most likely intent, else one after the other of all."""
        examples = self._registry.examples
        likely = [examples[match.intent] for match in plan.losers if examples.get(match.intent)]
        if likely:
            return likely[0][0]
        self._told += 1
        every = list(examples.values()) or [("",)]
        return every[self._told % len(every)][0]

    def _remember(self, plan: Plan, replies: list[Reply], text: str) -> None:
        """What the session needs to go on: an open question, the last answer, how to take the last action back."""
        session = plan.session
        asked = session.question
        session.question = next((reply.question for reply in replies if reply.question is not None), None)
        session.has_asked_again = not plan.matches and asked is not None and session.question is asked
        if text and not any(reply.stops_speech for reply in replies):
            session.last_answer = text
        undo = next((reply.undo for reply in reversed(replies) if reply.undo is not None), None)
        if undo is not None:
            session.undo = undo
        elif any(match.intent == "undo" for match in plan.matches):
            session.undo = None

    def _in_order(self, matches: tuple[IntentMatch, ...]) -> tuple[IntentMatch, ...]:
        """Requests of higher priority first, the others as they were said."""
        specs = self._registry.specs
        return tuple(sorted(matches, key=lambda m: -specs[m.intent].priority if m.intent in specs else 0))

    def _publish(self, event: E) -> E:
        return self._bus.publish(event)


async def _parts(deed: asyncio.Task[Deed]) -> AsyncIterator[AnswerPart]:
    """The answer's parts; being cancelled here leaves the deed alone."""
    result = (await asyncio.shield(deed)).result
    if result.answer:
        yield AnswerPart(result.answer, is_spoken=bool(result.spoken))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
