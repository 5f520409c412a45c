"""The Assistant: the whole outer surface of Vesper's core. The window, the command line and the control socket ask it
for things by the same methods; what happens comes back as events on its bus.

Arguments and results are plain values, so that a call reads the same over the socket (`calls`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import Missing, WrongUsage
from vesper.base.events import QuitWanted, SettingChanged, UnwantedWakes, WindowWanted
from vesper.base.settings import installed_languages
from vesper.base.settings_file import SettingInfo, SettingsFile
from vesper.base.tasks import TaskOwner
from vesper.dialogue.late import LateResponder
from vesper.ports.audio import AudioDevices
from vesper.scheduling.keeper import Keeper
from vesper.selfcheck import Check, run_selfcheck
from vesper.storage.turns import KEPT_TURNS
from vesper.stores import Stores
from vesper.typed_turns import TypedTurns
from vesper.voice.output import Output
from vesper.voice.replay import Replay
from vesper.voice.speaking import Speaking, once
from vesper.voice.speech_engines import SpeechEngines
from vesper.voice.trace import Keep
from vesper.voice.unwanted_wakes import WakeCount
from vesper.voice.voice_loop import VoiceLoop

_ONE_MINUTE = timedelta(minutes=1)
_LOOK_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Parts:
    """What an Assistant is made of; `assembly.py` puts it together.

    `actions` owns what skills do: it is waited for, never cut. `voice` is None in one made for a single command;
    `replay` is there when a recording is heard.
    """

    settings: SettingsFile
    bus: EventBus
    clock: Clock
    owner: TaskOwner
    actions: TaskOwner
    devices: AudioDevices
    stores: Stores
    keep_turn: Keep
    wakes: WakeCount
    keeper: Keeper
    responder: LateResponder
    engines: SpeechEngines
    speaking: Speaking
    output: Output
    voice: VoiceLoop | None
    replay: Replay | None
    checks: Mapping[str, Check]


class Assistant:
    """Vesper without a face."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._typed_turns = TypedTurns(
            parts.responder,
            parts.settings.current.general.language,
            bus=parts.bus,
            clock=parts.clock,
            keep=parts.keep_turn,
        )
        self.bus = parts.bus
        self.settings = parts.settings
        self.clock = parts.clock
        self.calls: Mapping[str, Callable[..., Awaitable[Any]]] = {
            "ask": self.ask,
            "say": self.say,
            "talk": self.talk,
            "talk_start": self.talk_start,
            "talk_stop": self.talk_stop,
            "toggle": self.toggle,
            "mute": self.mute,
            "stop": self.stop,
            "timers": self.timers,
            "timer_action": self.timer_action,
            "turns": self.turns,
            "selfcheck": self.selfcheck,
            "settings": self.all_settings,
            "get_setting": self.get_setting,
            "set_setting": self.change_setting,
            "show": self.show,
            "quit": self.quit,
        }

    # ------------------------------------------------------ start and end

    async def start(self, *, threaded: bool = True) -> None:
        """Ears first: the microphone listens while the slower parts are still being opened.

        In order: the voice loop, then understanding, then the data with its keeper, which tells what was missed. The
        last two one after the other: side by side both take as long, and a window beside them stands still.
        Without `threaded` the ears are stepped by `hear_recording`.
        """
        self._loop = asyncio.get_running_loop()
        self.settings.follow(self._setting_changed)
        if self._parts.voice is not None:
            await self._parts.voice.start(threaded=threaded)
        await self._parts.responder.make()
        data = self._parts.owner.start(self._open_data(), "storage")
        await self._parts.responder.open(after=data)
        await data

    async def _open_data(self) -> None:
        database = await self._parts.stores.open()
        if database is not None:
            self._parts.keeper.keep_in(database)
            self._parts.wakes.remember(await self._parts.stores.last_turns(KEPT_TURNS))
        await self._parts.keeper.start()

    async def close(self) -> None:
        """The way back: fall silent, stop waiting, close the engines, then the storage."""
        if self._parts.voice is not None:
            await self._parts.voice.close()
        await self._parts.actions.drain()
        await self._parts.keeper.close()
        await self._parts.output.close()
        await self._parts.engines.close()
        await self._parts.stores.close()
        await self._parts.owner.close()

    async def hear_recording(self) -> None:
        """Hear the recording to its end, and until the last turn has finished. Raises BadInput when it breaks off."""
        voice, replay = self._parts.voice, self._parts.replay
        if voice is None:
            raise Missing("voice.off", "There is nothing to hear with.")
        await self._parts.engines.ready()
        if replay is not None:
            await replay.run(lambda: self._is_heard(voice))
        while not self._is_heard(voice):
            await self.clock.sleep(_LOOK_AGAIN_S)
        if voice.parts.microphone.failure is not None:
            raise voice.parts.microphone.failure

    @staticmethod
    def _is_heard(voice: VoiceLoop) -> bool:
        return voice.parts.microphone.has_ended and voice.is_idle

    # ------------------------------------------------------------- asking

    async def ask(self, text: str, session: str | None = None) -> dict[str, Any]:
        """One typed turn; the object of `ask --json`."""
        return await self._typed_turns.ask(text, session)

    async def say(self, text: str) -> None:
        """Say something aloud, outside of any turn. Raises Missing without a voice."""
        await self._parts.engines.open_voice()
        if self._parts.voice is not None:
            await self._parts.voice.announce(text)
        else:
            await self._parts.speaking.say(once(text))

    async def say_into(self, text: str, path: Path) -> None:
        """Speech synthesis alone, into a WAV file. Raises Missing without a voice, BadInput for a bad path."""
        await self._parts.engines.say_into(text, path)

    async def talk(self) -> None:
        """Listen now."""
        await self._voice().talk()

    async def talk_start(self) -> None:
        """Listen while a key is held."""
        await self._voice().talk_start()

    async def talk_stop(self) -> None:
        """The held key was let go."""
        await self._voice().talk_stop()

    async def toggle(self) -> None:
        """Listen now, or finish what is being heard."""
        await self._voice().toggle()

    async def mute(self, on: bool) -> None:
        """Close the microphone, or open it again."""
        await self._voice().mute(on)

    async def stop(self) -> None:
        """Be silent: end speaking, ringing and listening."""
        if self._parts.voice is not None:
            await self._parts.voice.stop()
        else:
            await self._parts.keeper.stop()

    # ------------------------------------------------------------- looking

    async def timers(self) -> list[dict[str, Any]]:
        """The timers as `timers.changed` carries them."""
        return [dict(timer) for timer in self._parts.keeper.plain_timers()]

    async def timer_action(self, action: str, id: str) -> None:
        """`action`: cancel, pause, resume, add_minute or stop. Raises WrongUsage, BadInput when it has ended."""
        keeper = self._parts.keeper
        actions: dict[str, Callable[[], Awaitable[object]]] = {
            "cancel": lambda: keeper.cancel(id),
            "pause": lambda: keeper.pause(id),
            "resume": lambda: keeper.resume(id),
            "add_minute": lambda: keeper.change(id, _ONE_MINUTE),
            "stop": lambda: keeper.stop(id),
        }
        if action not in actions:
            raise WrongUsage("timer.action", f'A timer knows no "{action}".', f"It knows {', '.join(actions)}.")
        await actions[action]()

    async def devices(self) -> list[dict[str, Any]]:
        """The sound devices that are there now.

        Looking for new ones takes a moment from an open microphone, so in the middle of a turn it is left out.
        """
        if self._parts.voice is None or self._parts.voice.is_idle:
            await asyncio.to_thread(self._parts.devices.rescan)
        return [asdict(device) for device in await asyncio.to_thread(self._parts.devices.devices)]

    async def voices(self) -> list[dict[str, Any]]:
        """The voices that can be chosen."""
        return [asdict(voice) for voice in await self._parts.engines.voices()]

    async def choices(self) -> dict[str, list[str]]:
        """What can be chosen for the settings whose choices depend on what is installed, by the setting's name."""
        languages = await asyncio.to_thread(installed_languages)
        return {"wake.phrases": list(self._parts.engines.wake_phrases), "general.language": languages}

    async def turns(self, last: int = 20) -> list[dict[str, Any]]:
        """The traces of the last turns, the newest last."""
        return await self._parts.stores.last_turns(last)

    async def unwanted_wakes(self) -> UnwantedWakes:
        """How often Vesper was woken without a command, with advice where it grows."""
        return self._parts.wakes.told()

    async def selfcheck(self) -> dict[str, Any]:
        """Every stage's state."""
        return await run_selfcheck(self._parts.checks)

    async def watch_level(self, on: bool) -> None:
        """Send `level.changed` events, or no longer."""
        if self._parts.voice is not None:
            self._parts.voice.parts.ears.watch_level(on)

    # ------------------------------------------------------------ settings

    def setting_infos(self) -> list[SettingInfo]:
        """Every setting with its value, title, help and schema."""
        return list(self.settings.infos())

    async def all_settings(self) -> list[dict[str, Any]]:
        """Every setting as plain values."""
        return [asdict(info) for info in self.settings.infos()]

    async def get_setting(self, name: str) -> Any:
        """The value of one setting. Raises WrongUsage."""
        return self.settings.get(name)

    async def set_setting(self, name: str, value: Any) -> Any:
        """Check, apply and save one setting; its value as it was understood."""
        return await asyncio.to_thread(self.settings.set, name, value)

    async def change_setting(self, name: str, value: Any) -> dict[str, Any]:
        """`set_setting`, and when the new value works: {"value", "applies"}."""
        understood = await self.set_setting(name, value)
        return {"value": understood, "applies": self.settings.info(name).applies}

    def _setting_changed(self, name: str, value: Any) -> None:
        """Settings are written in a thread; what follows from them belongs to the loop."""
        self._loop.call_soon_threadsafe(self._apply_setting, name, value)

    def _apply_setting(self, name: str, value: Any) -> None:
        self.bus.publish(SettingChanged(setting=name, value=value))
        if self._parts.voice is not None:
            self._parts.owner.start(self._parts.voice.setting_changed(name), f"apply {name}")

    # -------------------------------------------------------------- window

    async def show(self) -> None:
        """Ask for the window (a second start does)."""
        self.bus.publish(WindowWanted())

    async def quit(self) -> None:
        """Ask whoever runs Vesper to end it."""
        self.bus.publish(QuitWanted())

    def _voice(self) -> VoiceLoop:
        if self._parts.voice is None:
            raise Missing("vesper.not_running", "Vesper is not running.", "Start it with `vesper`.")
        return self._parts.voice
