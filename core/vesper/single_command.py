"""An assistant for one command where no Vesper runs: it understands, acts and looks things up; nobody hears or speaks.

Everything is opened by the call that needs it: the settings by themselves, the storage only for what reads or changes
the user's data. A trace of a typed turn is left without opening it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from vesper.base.bus import Subscription
from vesper.base.clock import SystemClock
from vesper.base.events import Problem, TimerMissed
from vesper.base.paths import UserPaths
from vesper.base.settings_file import SettingsFile
from vesper.dialogue.answer import Plan
from vesper.dialogue.carried_session import carried, taken_up
from vesper.dialogue.responder import Responder
from vesper.dialogue.session import Session
from vesper.engines import ENGINES
from vesper.groundwork import Groundwork, open_settings
from vesper.typed_turns import TypedTurns


class SingleCommand:
    """Answers one call of the table `calls`, then is closed. The calls' names and results are the Assistant's."""

    def __init__(self, paths: UserPaths) -> None:
        self._paths = paths
        self._has_storage = False
        self.calls: Mapping[str, Callable[..., Awaitable[Any]]] = {
            "ask": self.ask,
            "turns": self.turns,
            "settings": self.settings,
            "get_setting": self.get_setting,
            "set_setting": self.set_setting,
        }

    async def ask(self, text: str, session: str | None = None) -> dict[str, Any]:
        """One typed turn; the object of `ask --json`. Its session carries what was asked to the next command."""
        base = self._base
        responder = base.responder(_nobody_speaks, has_listener=False)
        await responder.open()
        turns = TypedTurns(
            responder,
            base.language,
            bus=base.bus,
            clock=base.clock,
            keep=base.stores.keep_only_turn,
            prepare=self._prepare,
        )
        conversation = taken_up(session) if session else Session()
        answer = await turns.turn(text, conversation)
        return {**answer, "session": carried(conversation)}

    async def turns(self, last: int = 20) -> list[dict[str, Any]]:
        """The traces of the last turns, the newest last. Raises StorageFailed."""
        await self._base.stores.open()
        return await self._base.stores.last_turns(last)

    async def settings(self) -> list[dict[str, Any]]:
        """Every setting as plain values."""
        return await asyncio.to_thread(lambda: [asdict(info) for info in self._settings_file().infos()])

    async def get_setting(self, name: str) -> Any:
        """The value of one setting. Raises WrongUsage."""
        return await asyncio.to_thread(lambda: self._settings_file().get(name))

    async def set_setting(self, name: str, value: Any) -> dict[str, Any]:
        """Check and save one setting: {"value", "applies"}. Raises WrongUsage, StorageFailed."""

        def change() -> dict[str, Any]:
            file = self._settings_file()
            return {"value": file.set(name, value), "applies": file.info(name).applies}

        return await asyncio.to_thread(change)

    async def close(self) -> list[str]:
        """Finish what was begun; what the user should know of it, in sentences."""
        if "_base" not in self.__dict__:
            return []
        base = self._base
        await base.actions.drain()
        await base.keeper.close()
        await base.stores.close()
        await base.owner.drain()
        self._told.close()
        return [_sentence(event) async for event in self._told]

    def _settings_file(self) -> SettingsFile:
        return open_settings(self._paths, ENGINES)

    @cached_property
    def _base(self) -> Groundwork:
        base = Groundwork(self._paths, SystemClock(), ENGINES)
        self._told: Subscription = base.bus.subscribe(Problem, TimerMissed)
        return base

    async def _prepare(self, responder: Responder, plan: Plan) -> None:
        """Open the storage, and learn which timers there are, for a plan that works on them."""
        if self._has_storage or not responder.needs_storage(plan):
            return
        self._has_storage = True
        database = await self._base.stores.open()
        if database is not None:
            self._base.keeper.keep_in(database)
        await self._base.keeper.start()


def _nobody_speaks() -> bool:
    return False


def _sentence(event: object) -> str:
    if isinstance(event, Problem):
        return f"{event.sentence} {event.hint}".strip()
    assert isinstance(event, TimerMissed)
    return f"A timer was missed: {event.timer_name}." if event.timer_name else "A timer was missed."
