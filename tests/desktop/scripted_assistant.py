"""An assistant that answers from a script, behind the same surface as the real one.

It publishes the events a real turn publishes, in their order, and notes what it was asked to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vesper.base import events
from vesper.base.bus import EventBus
from vesper.base.clock import SystemClock
from vesper.base.errors import VesperError
from vesper.base.settings_file import SettingInfo, SettingsFile


class ScriptedAssistant:
    """Answers `answers[text]`, else "I heard: …". `done` lists the calls as (name, arguments)."""

    def __init__(self, home: Path, answers: Mapping[str, str] | None = None) -> None:
        self.bus = EventBus(SystemClock())
        self.settings = SettingsFile(home / "settings.toml")
        self.done: list[tuple[str, tuple[Any, ...]]] = []
        self.fails_at_start: VesperError | None = None
        self.running: tuple[Mapping[str, Any], ...] = ()
        self.wakes = events.UnwantedWakes(last_hour=1, usual=0.5, sentence="1 wake for nothing.")
        self.answers = dict(answers or {})
        self._turn = 0

    async def start(self) -> None:
        if self.fails_at_start is not None:
            raise self.fails_at_start
        loop = asyncio.get_running_loop()
        self.settings.follow(lambda name, value: loop.call_soon_threadsafe(self._setting_changed, name, value))
        self.bus.publish(events.ListeningArmed(phrases=("okay nabu",)))

    async def close(self) -> None:
        self._note("close")

    async def ask(self, text: str, session: str | None = None) -> dict[str, Any]:
        self._note("ask", text)
        self._turn += 1
        turn = str(self._turn)
        answer = self.answers.get(text, f"I heard: {text}")
        self.bus.publish(events.AnswerText(turn=turn, text=answer))
        self.bus.publish(events.TurnFinished(turn=turn, outcome="answered"))
        return {"text": text, "answer": answer}

    async def hear(self, text: str) -> None:
        """A spoken turn, from the wake phrase to the end of the answer."""
        self._turn += 1
        turn, publish = str(self._turn), self.bus.publish
        publish(events.WakeHeard(turn=turn, phrase="okay nabu", score=0.98, ended_at=1.0))
        publish(events.SpeechStarted(turn=turn))
        publish(events.SpeechPartial(turn=turn, text=text[: len(text) // 2]))
        publish(events.SpeechEnded(turn=turn, reason="silence", silence_ms=350))
        publish(events.SpeechRecognised(turn=turn, text=text, confidence=0.9, engine="scripted", language="en"))
        answer = self.answers.get(text, f"I heard: {text}")
        publish(events.AnswerText(turn=turn, text=answer))
        publish(events.SpeakingStarted(turn=turn, text=answer, first_sample_at=2.0))
        publish(events.SpeakingFinished(turn=turn, heard=answer))
        publish(events.TurnFinished(turn=turn, outcome="answered"))

    async def talk_start(self) -> None:
        self._note("talk_start")

    async def talk_stop(self) -> None:
        self._note("talk_stop")

    async def toggle(self) -> None:
        self._note("toggle")

    async def mute(self, on: bool) -> None:
        self._note("mute", on)
        self.bus.publish(events.ListeningMuted() if on else events.ListeningArmed(phrases=("okay nabu",)))

    async def stop(self) -> None:
        self._note("stop")

    async def timers(self) -> Sequence[Mapping[str, Any]]:
        return self.running

    async def timer_action(self, action: str, id: str) -> None:
        self._note("timer_action", action, id)

    async def devices(self) -> Sequence[Mapping[str, Any]]:
        return [
            {"name": "Desk microphone", "kind": "input", "is_default": True},
            {"name": "Loudspeaker", "kind": "output", "is_default": True},
        ]

    async def voices(self) -> Sequence[Mapping[str, Any]]:
        return [{"name": "English (Great Britain)"}, {"name": "English (America)"}]

    async def choices(self) -> Mapping[str, Sequence[str]]:
        return {"wake.phrases": ["okay nabu", "hey jarvis", "hey mycroft"], "general.language": ["de", "en"]}

    async def unwanted_wakes(self) -> events.UnwantedWakes:
        return self.wakes

    async def say(self, text: str) -> None:
        self._note("say", text)
        self.bus.publish(events.SpeakingStarted(text=text, first_sample_at=1.0))
        self.bus.publish(events.SpeakingFinished(heard=text))

    async def set_setting(self, name: str, value: Any) -> Any:
        self._note("set_setting", name, value)
        return await asyncio.to_thread(self.settings.set, name, value)

    def setting_infos(self) -> Iterable[SettingInfo]:
        return list(self.settings.infos())

    async def watch_level(self, on: bool) -> None:
        self._note("watch_level", on)

    def _setting_changed(self, name: str, value: Any) -> None:
        self.bus.publish(events.SettingChanged(setting=name, value=value))

    def _note(self, name: str, *args: Any) -> None:
        self.done.append((name, args))
