"""A whole conversation without sound: every built-in skill on a virtual clock, timers in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.language import load_language
from vesper.base.tasks import TaskOwner
from vesper.dialogue.responder import AskResult, Responder
from vesper.dialogue.session import Session
from vesper.scheduling.keeper import Keeper
from vesper.skills.registry import BUILTIN, SkillRegistry, SkillServices
from vesper.skills.skill import Skill
from vesper.understanding.recogniser import Recogniser
from vesper.understanding.templates import SentenceTemplates

BERLIN_AFTERNOON = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
"""A Saturday, 3:05 pm in Berlin."""


@cache
def templates(language: str = "en") -> SentenceTemplates:
    """The templates of a language, parsed once a test run."""
    return SentenceTemplates(language)


class VoiceDials:
    """A voice that only has its dials: volume 0 to 100, rate 80 to 400; `is_speaking` is what `stop` ends."""

    def __init__(self) -> None:
        self.dials = {"volume": 80, "rate": 170}
        self.is_speaking = False

    def get(self, what: Literal["volume", "rate"]) -> int:
        return self.dials[what]

    def set(self, what: Literal["volume", "rate"], value: int) -> int:
        low, high = (0, 100) if what == "volume" else (80, 400)
        self.dials[what] = max(low, min(high, value))
        return self.dials[what]

    def stop(self) -> bool:
        was_speaking, self.is_speaking = self.is_speaking, False
        return was_speaking


class Conversation:
    """Say something, get the answer; the session goes on until `new_session`."""

    def __init__(self, *, skills: tuple[type[Skill], ...] = BUILTIN, zone: str = "Europe/Berlin") -> None:
        pack = load_language("en")
        self.clock = VirtualClock(BERLIN_AFTERNOON, ZoneInfo(zone))
        self.bus = EventBus(self.clock)
        self.owner = TaskOwner("test")
        self.keeper = Keeper(None, self.clock, self.bus)
        self.voice = VoiceDials()
        self.session = Session()
        self.reason = "Nothing went wrong."
        services = SkillServices(self.clock, self.keeper, self.voice, self)
        registry = SkillRegistry(pack, services, skills)
        self.responder = Responder(Recogniser(templates()), registry, bus=self.bus, clock=self.clock, owner=self.owner)

    async def why_not_answered(self) -> str:
        """As hindsight: this test knows nothing of the last minutes."""
        return self.reason

    async def ask(self, text: str) -> AskResult:
        """One typed turn as a value."""
        return await self.responder.ask(text, self.session)

    async def say(self, text: str) -> str:
        """One typed turn's answer."""
        return (await self.ask(text)).answer

    async def intents(self, text: str) -> list[tuple[str, dict[str, Any]]]:
        """What one typed turn was taken for."""
        return [(match.intent, dict(match.slots)) for match in (await self.ask(text)).matches]


@asynccontextmanager
async def conversation(**options: Any) -> AsyncIterator[Conversation]:
    """A conversation whose keeper and tasks are closed in the end."""
    await asyncio.to_thread(templates)  # parsing reads files
    talk = Conversation(**options)
    try:
        yield talk
    finally:
        await talk.owner.close()
        await talk.keeper.close()
