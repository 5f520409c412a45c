"""Speaking: answer parts in, sound out, clause by clause, and a true account of what was heard.

The first clause sounds while the rest is still being made. `cut` may come at any moment from the loop: sound stops
within 50 ms, synthesis is cancelled, and only what had left the speaker by then counts as said. What a skill does is
not here: cutting the telling never cuts an action.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from typing import Any

from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import EngineFailed, VesperError
from vesper.base.events import SpeakingFinished, SpeakingStarted
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.ports.audio import Playback
from vesper.ports.tts import Pcm, SpeakingStyle, TextToSpeech
from vesper.voice.clauses import ClauseSplitter
from vesper.voice.output import Output
from vesper.voice.spoken_text import SpokenText
from vesper.voice.trace import Turn

# "Speaking" without a sample at the speaker is a stuck state (voice field notes 42).
_FIRST_SAMPLE_TIMEOUT_S = 3.0
_PLAY_SLACK_S = 5.0


async def once(text: str) -> AsyncIterator[str]:
    """A whole text as the one piece of an answer."""
    yield text


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of an answer: the part of its text that was heard, and who cut it, if anyone."""

    heard: str = ""
    interrupted_by: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nobody interrupted."""
        return self.interrupted_by is None


@dataclass(frozen=True, slots=True)
class Told:
    """What was last heard of Vesper, and when it ended, in seconds since the start."""

    text: str = ""
    ended_at: float = 0.0


@dataclass(slots=True)
class _Saying:
    """One answer on its way to the speaker: its playback, and which text ends at which second of it."""

    turn: Turn | None
    speech_ended_at: float | None
    playback: Playback | None = None
    ends_at_s: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    length_s: float = 0.0
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    cut_by: str | None = None

    def heard(self) -> str:
        """The clauses that were played to their middle or further."""
        played = self.playback.played_s if self.playback is not None else 0.0
        texts: list[str] = []
        begun_s = 0.0
        for end_s, text in self.ends_at_s:
            if played >= (begun_s + end_s) / 2:
                texts.append(text)
            begun_s = end_s
        return " ".join(texts)


class Speaking:
    """Says one answer at a time."""

    def __init__(
        self,
        voice: TextToSpeech,
        output: Output,
        spoken_text: SpokenText,
        *,
        settings: SettingsFile,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        self._voice = voice
        self._output = output
        self._spoken_text = spoken_text
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._owner = TaskOwner("speaking", told_by_awaiting)
        self._saying: _Saying | None = None
        self._told = ""
        self.last_told = Told()

    @property
    def is_speaking(self) -> bool:
        """Whether an answer is on its way to the speaker."""
        return self._saying is not None

    @property
    def is_preparing(self) -> bool:
        """Whether an answer is on its way and no sample of it has sounded yet."""
        saying = self._saying
        return saying is not None and (saying.playback is None or saying.playback.started_at is None)

    def cut(self, by: str) -> bool:
        """Be silent now; returns whether anything was being said."""
        if self._saying is None:
            return False
        self._saying.cut_by = self._saying.cut_by or by
        self._saying.cut.set()
        if self._saying.playback is not None:
            self._saying.playback.flush()
        return True

    async def say(
        self, texts: AsyncIterator[str], turn: Turn | None = None, *, speech_ended_at: float | None = None
    ) -> Spoken:
        """Say the texts as they come until their end or a `cut`.

        `speech_ended_at` (seconds since the start) is where the user stopped speaking: the trace measures from it.
        The texts are read to their end also when nothing can sound; a cut stops reading them, not what they tell of.
        """
        saying = _Saying(turn, speech_ended_at)
        self._saying = saying
        try:
            await self._until_cut(self._produce(texts, saying), saying)
        finally:
            self._saying = None
        spoken = Spoken(saying.heard(), saying.cut_by)
        if saying.playback is not None:
            self.last_told = Told(spoken.heard, self._bus.since_start())
            self._publish(saying, SpeakingFinished(heard=spoken.heard, interrupted_by=spoken.interrupted_by))
        return spoken

    async def _until_cut(self, work: Coroutine[Any, Any, None], saying: _Saying) -> None:
        producing = self._owner.start(work, "say")
        cutting = self._owner.start(saying.cut.wait(), "cut")
        try:
            await asyncio.wait({producing, cutting}, return_when=asyncio.FIRST_COMPLETED)
            if producing.done():
                producing.result()
        finally:
            for task in (producing, cutting):
                task.cancel()
            await asyncio.gather(producing, cutting, return_exceptions=True)

    async def _produce(self, texts: AsyncIterator[str], saying: _Saying) -> None:
        splitter = ClauseSplitter(self._spoken_text.abbreviations)
        async for text in texts:
            for clause in splitter.feed(text):
                await self._sound(clause, saying)
        for clause in splitter.finish():
            await self._sound(clause, saying)
        if saying.playback is not None:
            saying.playback.finish()
            await self._played(saying.playback, saying.length_s)

    @staticmethod
    async def _played(playback: Playback, length_s: float) -> None:
        try:
            async with asyncio.timeout(length_s + _PLAY_SLACK_S):
                await playback.ended()
        except TimeoutError:
            playback.flush()
            raise EngineFailed(
                "speaker.stuck", "The speaker stopped in the middle of the answer.", "Choose another speaker."
            ) from None

    async def _sound(self, clause: str, saying: _Saying) -> None:
        if not self._settings.get("voice.speaks"):
            return
        try:
            async for pcm in self._voice.speak(self._spoken_text.of(clause), self._style()):
                await self._play(pcm, clause, saying)
        except VesperError as error:
            self._tell(error)
            return
        saying.ends_at_s.append((saying.length_s, clause))

    async def _play(self, pcm: Pcm, clause: str, saying: _Saying) -> None:
        is_first = saying.playback is None
        if is_first:
            saying.playback = await self._output.play(pcm.rate)
        if saying.playback is None:
            return
        saying.playback.append(pcm.samples)
        saying.length_s += len(pcm.samples) / pcm.rate
        if is_first:
            await self._announce_start(clause, saying)

    async def _announce_start(self, clause: str, saying: _Saying) -> None:
        playback = saying.playback
        assert playback is not None
        deadline = self._clock.monotonic() + _FIRST_SAMPLE_TIMEOUT_S
        while playback.started_at is None:
            if self._clock.monotonic() > deadline:
                raise EngineFailed(
                    "speaker.silent", "The speaker took the answer but plays nothing.", "Choose another speaker."
                )
            await self._clock.sleep(0.005)
        started_at = playback.started_at - (self._clock.monotonic() - self._bus.since_start())
        if saying.turn is not None and saying.speech_ended_at is not None:
            saying.turn.took("voice_to_voice", started_at - saying.speech_ended_at)
        self._publish(saying, SpeakingStarted(text=clause, first_sample_at=round(started_at, 4)))

    def _style(self) -> SpeakingStyle:
        voice = self._settings.current.voice
        language = self._settings.current.general.language
        return SpeakingStyle(language, voice.voice, voice.rate, voice.volume, voice.pitch)

    def _publish(self, saying: _Saying, event: SpeakingStarted | SpeakingFinished) -> None:
        if saying.turn is not None:
            saying.turn.publish(event)
        else:
            self._bus.publish(event)

    def _tell(self, error: VesperError) -> None:
        """Tell once that nothing can be said, not with every clause."""
        if error.code != self._told:
            self._told = error.code
            self._bus.tell(error)
