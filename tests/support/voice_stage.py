"""The whole assistant on scripted engines and a virtual clock: a script of what the user says goes in, events come out.

The scripted microphone gives a frame at every step, so the stage moves sound and time together, 10 ms at a time,
and a dialogue of a minute takes a second.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from tests.support.thread_wait import ThreadWait
from vesper.assembly import Sound, assemble
from vesper.assistant import Assistant
from vesper.base.clock import VirtualClock
from vesper.base.events import Event
from vesper.base.language import LanguagePack
from vesper.base.paths import user_paths
from vesper.engines.scripted import SCRIPTED
from vesper.engines.scripted.devices import Line, ScriptedDevices
from vesper.ports.stt import Grammar
from vesper.understanding.grammar import load_grammar
from vesper.understanding.templates import SentenceTemplates
from vesper.voice.voice_loop import VoiceLoop

E = TypeVar("E", bound=Event)
FRAME_S = 0.01


class Stage:
    """A running assistant whose time the test moves."""

    def __init__(self, assistant: Assistant, clock: VirtualClock, devices: ScriptedDevices) -> None:
        self.assistant = assistant
        self.clock = clock
        self.devices = devices
        self._threads = ThreadWait()
        self._events = assistant.bus.subscribe(size=100_000)
        self.events: list[Event] = []

    @property
    def voice(self) -> VoiceLoop:
        voice = self.assistant._parts.voice
        assert voice is not None
        return voice

    async def run(self, seconds: float) -> None:
        """Let so much time pass."""
        for _ in range(round(seconds / FRAME_S)):
            await self.step()

    async def until(self, kind: type[E], *, within: float = 30.0, count: int = 1) -> E:
        """Let time pass until the `count`-th event of this kind has come."""
        for _ in range(round(within / FRAME_S)):
            if len(self.all(kind)) >= count:
                return self.all(kind)[count - 1]
            await self.step()
        names = [event.name for event in self.events]
        raise AssertionError(f"no {kind.__name__} within {within} s; there were {names}")

    async def step(self) -> None:
        self.voice.parts.ears.step(0.0)
        await self.clock.advance(FRAME_S)
        await self._threads.done()
        while self._events._queue:
            self.events.append(self._events._queue.popleft())

    def all(self, kind: type[E]) -> list[E]:
        """All events of this kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def names(self) -> list[str]:
        """The names of all events so far, partials left out."""
        return [event.name for event in self.events if event.name not in {"speech.partial", "timers.changed"}]

    def said(self) -> list[str]:
        """What was spoken at the speaker."""
        return [text for speaker in self.devices.speakers for text in speaker.said]


@asynccontextmanager
async def stage(
    home: Path,
    lines: Sequence[Line] = (),
    *,
    settings: dict[str, object] | None = None,
    start: datetime | None = None,
    tweak: Callable[[Assistant], None] | None = None,
) -> AsyncIterator[Stage]:
    """An assistant to whom `lines` are said: (seconds after the start, words)."""
    clock = VirtualClock(start)
    devices = ScriptedDevices(lines, clock, is_fast=True)
    assistant = assemble(user_paths(home), clock, Sound(devices=devices), engines=SCRIPTED)
    for name, value in (settings or {}).items():
        assistant.settings.apply(name, value)
    if tweak is not None:
        tweak(assistant)
    on_stage = Stage(assistant, clock, devices)
    with patch("vesper.groundwork.SentenceTemplates", _templates), patch("vesper.assembly.load_grammar", _grammar):
        try:
            await assistant.start(threaded=False)
            await assistant._parts.engines.ready()
            yield on_stage
        finally:
            await assistant.close()


# The sentences are the same in every test: they are read once a test run, and their grammar is made once for all runs.
_GRAPHS = Path(__file__).parents[2] / ".pytest_cache"


@cache
def _templates(pack: LanguagePack) -> SentenceTemplates:
    return SentenceTemplates(pack)


@cache
def _loaded(templates: SentenceTemplates, phrases: tuple[str, ...]) -> Grammar:
    return load_grammar(templates, phrases, _GRAPHS)


def _grammar(templates: SentenceTemplates, phrases: tuple[str, ...], _home: Path) -> Grammar:
    return _loaded(templates, phrases)
