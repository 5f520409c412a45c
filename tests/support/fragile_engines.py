"""Recogniser and voice of a stage that can die and come back, as engines in child processes do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from tests.support.voice_stage import Stage
from vesper.base.clock import Clock
from vesper.base.errors import EngineFailed
from vesper.ports.audio import Samples
from vesper.ports.stt import Grammar, GrammarReport, Partial, SpeechToText, SttStream, Transcript
from vesper.ports.tts import Pcm, SpeakingStyle, TextToSpeech, Voice


def died() -> EngineFailed:
    """What a call to an engine ends with when its process died."""
    return EngineFailed("engine.died", "The engine died and is started again.", "Try again.")


class FragileSpeechToText:
    """A recogniser that takes `recognise_s` for an utterance, and fails while it `is_dead`."""

    def __init__(self, real: SpeechToText, clock: Clock) -> None:
        self._real = real
        self._clock = clock
        self.recognise_s = 0.0
        self.is_dead = False

    async def load(self, grammar: Grammar) -> GrammarReport:
        return await self._real.load(grammar)

    async def start(self) -> SttStream:
        self._check()
        return _FragileStream(await self._real.start(), self)

    async def recognise(self, samples: Samples) -> Transcript:
        self._check()
        await self._clock.sleep(self.recognise_s)
        self._check()
        return await self._real.recognise(samples)

    def _check(self) -> None:
        if self.is_dead:
            raise died()


class _FragileStream:
    def __init__(self, real: SttStream, engine: FragileSpeechToText) -> None:
        self._real = real
        self._engine = engine
        self.feed = real.feed
        self.finish = real.finish
        self.cancel = real.cancel

    async def partial(self) -> Partial:
        self._engine._check()
        return await self._real.partial()


class FragileVoice:
    """A voice that takes `PIECE_S` for each piece of half a second, and fails while it `is_dead`."""

    PIECE_S = 0.3

    def __init__(self, real: TextToSpeech, clock: Clock) -> None:
        self._real = real
        self._clock = clock
        self.is_dead = False

    async def voices(self) -> Sequence[Voice]:
        return await self._real.voices()

    async def speak(self, text: str, style: SpeakingStyle) -> AsyncIterator[Pcm]:
        async for pcm in self._real.speak(text, style):
            await self._clock.sleep(self.PIECE_S)
            if self.is_dead:
                raise died()
            yield pcm


class Fragile:
    """Puts fragile engines into a running stage."""

    def __init__(self, on_stage: Stage) -> None:
        recognition = on_stage.voice.parts.listening._recognition
        self.live = FragileSpeechToText(recognition._live, on_stage.clock)
        self.final = FragileSpeechToText(recognition._final, on_stage.clock)
        recognition._live, recognition._final = self.live, self.final  # type: ignore[assignment]
        speaking = on_stage.voice.parts.speaking
        self.voice = FragileVoice(speaking._voice, on_stage.clock)
        speaking._voice = self.voice  # type: ignore[assignment]

    def kill_recognisers(self) -> None:
        """Both recognisers die, in the middle of whatever they do."""
        self.live.is_dead = self.final.is_dead = True

    def kill_voice(self) -> None:
        """The voice dies in the middle of its clause."""
        self.voice.is_dead = True

    def revive(self) -> None:
        """They have been started again."""
        self.live.is_dead = self.final.is_dead = self.voice.is_dead = False
