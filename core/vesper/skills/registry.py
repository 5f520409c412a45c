"""The list of all skills; finds who carries out an intent, checks that every skill is whole, and runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vesper.base.clock import Clock
from vesper.base.language import LanguagePack, Phrases
from vesper.scheduling.keeper import Keeper
from vesper.skills.builtin.clock import Clock as ClockSkill
from vesper.skills.builtin.guide import Guide
from vesper.skills.builtin.speech_control import SpeechControl
from vesper.skills.builtin.timers import Timers
from vesper.skills.builtin.turn_control import TurnControl
from vesper.skills.builtin.why import Why
from vesper.skills.skill import Hindsight, Reply, Skill, SkillContext, Undo, VoiceControl
from vesper.understanding.intents import IntentMatch, IntentSpec, Risk

BUILTIN: tuple[type[Skill], ...] = (Timers, ClockSkill, SpeechControl, TurnControl, Guide, Why)
"""In the order in which "what can you do" names them."""

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class SkillServices:
    """What all skills may use: see SkillContext. `has_listener`: a running Vesper can ring timers."""

    clock: Clock
    keeper: Keeper
    voice: VoiceControl
    hindsight: Hindsight
    has_listener: bool = True


class SkillRegistry:
    """The skills of one language."""

    def __init__(self, pack: LanguagePack, services: SkillServices, skills: Sequence[type[Skill]] = BUILTIN) -> None:
        self.pack = pack
        self._services = services
        self._shared = Phrases(pack, "shared")
        self._skills = tuple(skill() for skill in skills)
        self._words = {skill.name: Phrases(pack, skill.name) for skill in self._skills}
        self._handlers = {intent: handler for skill in self._skills for intent, handler in skill.handlers().items()}
        self._skill_of = {intent: skill.name for skill in self._skills for intent in skill.handlers()}
        self.specs: Mapping[str, IntentSpec] = {spec.name: spec for skill in self._skills for spec in skill.intents}
        self.harmful = frozenset(name for name, spec in self.specs.items() if spec.risk in {Risk.FINAL, Risk.OUTSIDE})
        self.examples: Mapping[str, Sequence[str]] = dict(self._examples())

    def skill_of(self, intent: str) -> str:
        """The name of the skill that carries an intent out; "none" when there is none yet."""
        return self._skill_of.get(intent, NOBODY)

    def needs_storage(self, intent: str) -> bool:
        """Whether the skill that carries an intent out works on the user's data."""
        return any(skill.needs_storage and intent in skill.handlers() for skill in self._skills)

    async def run(self, match: IntentMatch, *, last_answer: str = "", undo: Undo | None = None) -> Reply:
        """Carry out an intent; one without a skill gets an honest sentence. Raises what the skill raises."""
        handler = self._handlers.get(match.intent)
        if handler is None:
            return Reply(self._shared.say("no_handler"), is_ok=False)
        context = SkillContext(
            clock=self._services.clock,
            words=self._words[self.skill_of(match.intent)],
            keeper=self._services.keeper,
            voice=self._services.voice,
            hindsight=self._services.hindsight,
            language=self.pack.code,
            last_answer=last_answer,
            examples=self.examples,
            has_listener=self._services.has_listener,
            undo=undo,
        )
        return await handler(match.slots, context)

    def _examples(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Examples by intent: one intent of each skill after the other, so that the first few show variety."""
        queues = [list(self.pack.section(skill.name, "examples").items()) for skill in self._skills]
        for row in range(max(map(len, queues), default=0)):
            for queue in queues:
                if row < len(queue):
                    yield queue[row]


def problems(pack: LanguagePack, skills: Sequence[type[Skill]] = BUILTIN) -> list[str]:
    """What is missing for the skills to be whole in a language, one sentence each; none when all is well."""
    found: list[str] = []
    for skill in skills:
        declared = {spec.name for spec in skill.intents}
        handled = set(skill().handlers())
        heard = set(pack.section(skill.name, "intents"))
        shown = {intent for intent, sentences in pack.section(skill.name, "examples").items() if sentences}
        found += [f"{skill.name}: no method handles {name}" for name in sorted(declared - handled)]
        found += [f"{skill.name}: handles {name}, which it does not declare" for name in sorted(handled - declared)]
        found += [f"{skill.name}: nothing can be said for {name}" for name in sorted(declared - heard)]
        found += [f"{skill.name}: {name} has no example" for name in sorted(declared - shown)]
    unknown = set(pack.skill_names) - {skill.name for skill in skills}
    return found + [f"{name}: a language file without a skill" for name in sorted(unknown)]
