"""The engines of the voice: opened in the order in which a turn needs them, closed together.

First what hears (wake word and voice activity, in the audio thread), then the recognisers with their grammar and the
voice, each in a child process, side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from vesper.audio.wav import write_wav
from vesper.base.bus import EventBus
from vesper.base.errors import BadInput, VesperError
from vesper.base.settings import Settings
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import in_own_thread
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.noise import NoiseSuppressor
from vesper.ports.stt import Grammar
from vesper.ports.tts import SpeakingStyle, TextToSpeech, Voice
from vesper.ports.wake import StopPhraseDetector, WakeWordDetector
from vesper.voice.recognition import Recognition
from vesper.voice.spoken_text import SpokenText


class Opened(Protocol):
    """An engine that is started and ended, wherever it runs."""

    async def open(self) -> None:
        """Start it. Raises a VesperError when it cannot be."""
        ...

    async def close(self) -> None:
        """End it. Safe to call twice."""
        ...


class PhraseEngine(Opened, StopPhraseDetector, Protocol):
    """A detector of short phrases that is started and ended."""


class VoiceEngine(Opened, TextToSpeech, Protocol):
    """A voice that is started and ended."""


@dataclass(frozen=True, slots=True)
class HearingEngines:
    """The engines of the audio thread and of recognition; `grammar` is loaded once, in a thread.

    `short_phrases` are what `stop` listens for.
    """

    wake: WakeWordDetector
    activity: VoiceActivityDetector
    recognition: Recognition
    recognisers: tuple[Opened, ...]
    stop: PhraseEngine | None
    grammar: Callable[[], Grammar]
    short_phrases: Sequence[str] = ()
    suppressor: NoiseSuppressor | None = None


class SpeechEngines:
    """Opens and closes them; a part that cannot be opened is told as a problem and the rest goes on."""

    def __init__(
        self,
        voice: VoiceEngine,
        spoken_text: SpokenText,
        hearing: HearingEngines | None,
        *,
        settings: SettingsFile,
        bus: EventBus,
    ) -> None:
        self._voice = voice
        self._spoken_text = spoken_text
        self._hearing = hearing
        self._settings = settings
        self._bus = bus
        self._voice_is_open = False
        self._ready = asyncio.Event()

    async def open_hearing(self) -> None:
        """What must be there before the microphone is. Raises Missing when there is no wake word engine."""
        assert self._hearing is not None
        await asyncio.gather(
            asyncio.to_thread(self._hearing.activity.open),
            asyncio.to_thread(self._open_wake, self._hearing.wake),
        )

    async def open_speech(self) -> None:
        """The recognisers and the voice, side by side; `ready` when all have been tried."""
        await asyncio.gather(
            self._tried(self._open_recognition()),
            self._tried(self._open_stop()),
            self._tried(self._open_suppressor()),
            self._tried(self.open_voice()),
        )
        self._ready.set()

    async def ready(self) -> None:
        """Wait until everything has been opened or has failed to."""
        await self._ready.wait()

    async def open_voice(self) -> None:
        """Start the voice once. Raises Missing with how to install one."""
        if not self._voice_is_open:
            await self._voice.open()
            self._voice_is_open = True

    async def close(self) -> None:
        """End everything that was started."""
        engines: list[Opened] = [self._voice]
        if self._hearing is not None:
            engines += [*self._hearing.recognisers, *([self._hearing.stop] if self._hearing.stop else [])]
            self._hearing.wake.close()
            self._hearing.activity.close()
            if self._hearing.suppressor is not None:
                self._hearing.suppressor.close()
        await asyncio.gather(*(engine.close() for engine in engines))

    async def voices(self) -> Sequence[Voice]:
        """The voices that can be chosen."""
        await self.open_voice()
        return await self._voice.voices()

    @property
    def wake_phrases(self) -> tuple[str, ...]:
        """The wake phrases that can be listened for; none without ears."""
        return () if self._hearing is None else tuple(self._hearing.wake.info.facts["phrases"])

    async def say_into(self, text: str, path: Path) -> None:
        """Speak `text` into a WAV file. Raises Missing without a voice, BadInput when it cannot be written."""
        await self.open_voice()
        style = style_of(self._settings.current)
        pieces = [pcm async for pcm in self._voice.speak(self._spoken_text.of(text), style)]
        if not pieces:
            raise BadInput("say.nothing", "There is nothing to say in this text.", "Give it some words.")
        await asyncio.to_thread(
            _write, path, np.concatenate([pcm.samples for pcm in pieces]).astype(np.float32), pieces[0].rate
        )

    def _open_wake(self, wake: WakeWordDetector) -> None:
        wake.open()
        self.choose_phrases()

    def choose_phrases(self) -> None:
        """Listen for the phrases of the settings; called where the wake word detector may be touched."""
        assert self._hearing is not None
        wake = self._settings.current.wake
        self._hearing.wake.listen_for(wake.phrases, wake.sensitivity)

    async def load_grammar(self) -> None:
        """Load the grammar of all sentences, or load it anew because the wake phrases changed."""
        assert self._hearing is not None
        await self._hearing.recognition.load(await in_own_thread(self._hearing.grammar, "grammar"))

    async def _open_recognition(self) -> None:
        assert self._hearing is not None
        await asyncio.gather(*(engine.open() for engine in self._hearing.recognisers))
        await self.load_grammar()

    async def _open_suppressor(self) -> None:
        if self._hearing is not None and self._hearing.suppressor is not None:
            await asyncio.to_thread(self._hearing.suppressor.open)

    async def _open_stop(self) -> None:
        assert self._hearing is not None
        if self._hearing.stop is not None and self._settings.get("wake.stop_phrase"):
            await self._hearing.stop.open()
            await self._hearing.stop.load(self._hearing.short_phrases)

    async def _tried(self, opening: Awaitable[None]) -> None:
        try:
            await opening
        except VesperError as error:
            self._bus.tell(error)


def style_of(settings: Settings) -> SpeakingStyle:
    """How the user wants Vesper to speak."""
    voice = settings.voice
    return SpeakingStyle(settings.general.language, voice.voice, voice.rate, voice.volume, voice.pitch)


def _write(path: Path, samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], rate: int) -> None:
    try:
        write_wav(path, samples, rate)
    except (OSError, RuntimeError) as error:
        raise BadInput(
            "audio.not_written", f'"{path}" could not be written.', "Choose a folder that can be written to."
        ) from error
