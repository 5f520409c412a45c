"""Phrases heard without a wake phrase, while Vesper sounds: they silence it, or answer what rings.

While armed, the sound goes to a detector in a child process. "Stop" said then is a signal like a key; "snooze" said
while a timer rings stands for a sentence. It is off by one setting, and a detector that fails only takes this one
convenience away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from vesper.base.errors import VesperError
from vesper.base.language import LanguagePack
from vesper.base.tasks import TaskOwner
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.wake import StopPhraseDetector, StopStream

_log = logging.getLogger(__name__)
_ASK_EVERY_SAMPLES = round(0.1 * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class ShortPhrases:
    """`stops` silence whatever sounds; `answers` maps what answers a ringing timer to the sentence it stands for."""

    stops: Collection[str]
    answers: Mapping[str, str]

    @property
    def all(self) -> list[str]:
        """Everything that is listened for."""
        return [*self.stops, *self.answers]


def short_phrases(pack: LanguagePack) -> ShortPhrases:
    """The phrases of a language."""
    return ShortPhrases(tuple(pack.entries("voice", "stop_phrases")), pack.section("voice", "ring_answers"))


class StopPhrase:
    """Listens between `arm` and `disarm`. `on_stop` and `on_answer` are called in the loop, at most one of them and
    once for each arming; `on_answer` with the sentence that was meant."""

    def __init__(
        self,
        detector: StopPhraseDetector | None,
        phrases: ShortPhrases,
        *,
        on_stop: Callable[[], object],
        on_answer: Callable[[str], object],
    ) -> None:
        self._detector = detector
        self._phrases = phrases
        self._on_stop = on_stop
        self._on_answer = on_answer
        self._owner = TaskOwner("stop phrase")
        self._listening: asyncio.Task[None] | None = None
        self._sound: asyncio.Queue[Samples] | None = None
        self.takes_answers = False

    @property
    def is_armed(self) -> bool:
        """Whether it wants sound."""
        return self._sound is not None

    def arm(self) -> bool:
        """Begin to listen; False where there is no detector. `takes_answers` says whether something rings."""
        if self._detector is None:
            return False
        if self._sound is None:
            self._sound = asyncio.Queue(maxsize=500)
            self._listening = self._owner.start(self._listen(self._detector, self._sound), "listen")
        return True

    def disarm(self) -> None:
        """Stop listening."""
        self._sound = None
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def feed(self, samples: Samples) -> None:
        """More of the microphone's sound; ignored while disarmed, or when the detector cannot keep up."""
        if self._sound is not None and not self._sound.full():
            self._sound.put_nowait(samples)

    async def close(self) -> None:
        """Stop listening for good."""
        self.disarm()
        await self._owner.close()

    async def _listen(self, detector: StopPhraseDetector, sound: asyncio.Queue[Samples]) -> None:
        try:
            stream = await detector.start()
            try:
                self._take(await self._heard(stream, sound))
            finally:
                stream.cancel()
        except VesperError as error:
            _log.info("the stop phrase cannot be listened for: %s", error.code)

    def _take(self, phrase: str) -> None:
        if phrase in self._phrases.stops:
            self._on_stop()
        else:
            self._on_answer(self._phrases.answers[phrase])

    async def _heard(self, stream: StopStream, sound: asyncio.Queue[Samples]) -> str:
        """The first phrase that means something now."""
        fed = 0
        while True:
            samples = await sound.get()
            stream.feed(samples)
            fed += len(samples)
            if fed >= _ASK_EVERY_SAMPLES:
                fed = 0
                phrase = await stream.heard()
                if phrase is not None and self._means_something(phrase):
                    return phrase

    def _means_something(self, phrase: str) -> bool:
        return phrase in self._phrases.stops or (self.takes_answers and phrase in self._phrases.answers)
