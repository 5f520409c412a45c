"""The groundwork of every assistant, spoken or typed: settings, language, what understands and acts, what keeps data.

Nothing here hears, speaks or imports numpy, so a command that is made for one question is quick.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import cast

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import WrongUsage
from vesper.base.language import Phrases, load_language
from vesper.base.paths import UserPaths
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.dialogue.late import LateResponder
from vesper.dialogue.responder import Responder
from vesper.ports.engine import EngineSpec, Role
from vesper.ports.secrets import SecretStore
from vesper.scheduling.keeper import Keeper
from vesper.skills.registry import SkillRegistry, SkillServices
from vesper.stores import Stores
from vesper.understanding.recogniser import Recogniser
from vesper.understanding.templates import SentenceTemplates
from vesper.voice.hindsight import Hindsight, stored_recent
from vesper.voice.own_voice import OwnVoice
from vesper.voice.recent_trace import Recent, RecentTrace
from vesper.voice.trace import TurnRecord
from vesper.voice.unwanted_wakes import WakeCount
from vesper.worker.messages import load_class


class Groundwork:
    """The services; `table` is the engines to choose from, the first of a role fills it.

    `actions` owns what skills do: it is waited for, never cut.
    """

    def __init__(self, paths: UserPaths, clock: Clock, table: Sequence[EngineSpec]) -> None:
        self.paths = paths
        self.clock = clock
        self.table = table
        self.settings = open_settings(paths, table)
        self.language = self.settings.current.general.language
        self.pack = load_language(self.language)
        self.bus = EventBus(clock)
        self.owner = TaskOwner("assistant")
        self.actions = TaskOwner("actions", told_by_awaiting)
        secret_store = cast(SecretStore, load_class(self.spec("secrets").target)())
        self.stores = Stores(
            paths,
            secret_store,
            bus=self.bus,
            clock=clock,
            keeps_words=lambda: self.settings.current.privacy.history,
        )
        self.keeper = Keeper(None, clock, self.bus)
        self.recent = RecentTrace(self.bus, is_mute=self._is_mute)
        self.wakes = WakeCount(clock, Phrases(self.pack, "why_not"), is_strict=self._is_strict)
        self._templates: SentenceTemplates | None = None
        self._making_templates = threading.Lock()

    def spec(self, role: Role, name: str = "") -> EngineSpec:
        """The engine of a role and name in the table, or the role's first. Raises LookupError for none."""
        return _spec(self.table, role, name)

    def templates(self) -> SentenceTemplates:
        """The sentences of all skills, made once for understanding and recogniser alike. Slow: for a thread."""
        with self._making_templates:  # the two ask at the same time, from threads of their own
            if self._templates is None:
                self._templates = SentenceTemplates(self.pack)
            return self._templates

    def responder(self, silence: Callable[[], bool], *, has_listener: bool) -> LateResponder:
        """What understands and acts. `silence` ends what is said and returns whether anything was;

        `has_listener`: this assistant stays, so its timers can ring.
        """
        voice = OwnVoice(self.settings, self.owner, silence)
        hindsight = Hindsight(
            self._running_recent if has_listener else self._stored_recent,
            Phrases(self.pack, "why_not"),
            self.pack.merged("examples"),
        )
        services = SkillServices(self.clock, self.keeper, voice, hindsight, has_listener=has_listener)

        def make() -> Responder:
            recogniser = Recogniser(self.templates())
            registry = SkillRegistry(self.pack, services)
            return Responder(recogniser, registry, bus=self.bus, clock=self.clock, owner=self.actions)

        return LateResponder(make)

    async def keep_turn(self, record: TurnRecord) -> None:
        """Keep what a turn did: the last minutes with their words in memory, the trace without them on disk."""
        self.recent.keep(record)
        if self.wakes.keep(record):
            self.bus.publish(self.wakes.told_unasked())
        await self.stores.keep_turn(record)

    def _is_strict(self) -> bool:
        return bool(self.settings.get("wake.sensitivity") == "strict")

    def _is_mute(self) -> bool:
        """Whether answers are only written."""
        voice = self.settings.current.voice
        return not voice.speaks or voice.volume == 0

    async def _running_recent(self) -> Recent:
        return self.recent.recent()

    async def _stored_recent(self) -> Recent:
        return await stored_recent(self.stores.last_turns, self.clock.now())


def open_settings(paths: UserPaths, table: Sequence[EngineSpec]) -> SettingsFile:
    """The user's settings; wake phrases that the engine of `table` cannot hear are refused."""

    def can_be_heard(phrases: Sequence[str]) -> None:
        heard: Sequence[str] = load_class(_spec(table, "wake").target)().info.facts["phrases"]
        for phrase in phrases:
            if phrase not in heard:
                known = ", ".join(f'"{name}"' for name in heard)
                raise WrongUsage("wake.unknown_phrase", f'Vesper cannot listen for "{phrase}".', f"It knows {known}.")

    settings = SettingsFile(paths.settings_file)
    settings.require("wake.phrases", can_be_heard)
    return settings


def _spec(table: Sequence[EngineSpec], role: Role, name: str = "") -> EngineSpec:
    for spec in table:
        if spec.role == role and name in ("", spec.name):
            return spec
    raise LookupError(f"no engine {role}/{name}")
