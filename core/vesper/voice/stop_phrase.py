"""The stop phrase: a single word that silences Vesper, listened for only while something sounds.

While armed, the sound goes to a detector in a child process; "stop" said then is a signal like a key. It is off by
one setting, and a detector that fails only takes this one convenience away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from vesper.base.errors import VesperError
from vesper.base.tasks import TaskOwner
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.wake import StopPhraseDetector, StopStream

_log = logging.getLogger(__name__)
_ASK_EVERY_SAMPLES = round(0.1 * SAMPLE_RATE)


class StopPhrase:
    """Listens for the stop phrase between `arm` and `disarm`; calls `on_heard` in the loop, once for each arming."""

    def __init__(self, detector: StopPhraseDetector | None, on_heard: Callable[[], object]) -> None:
        self._detector = detector
        self._on_heard = on_heard
        self._owner = TaskOwner("stop phrase")
        self._listening: asyncio.Task[None] | None = None
        self._sound: asyncio.Queue[Samples] | None = None

    @property
    def is_armed(self) -> bool:
        """Whether it wants sound."""
        return self._sound is not None

    def arm(self) -> bool:
        """Begin to listen; False where there is no detector."""
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
                if await self._heard(stream, sound):
                    self._on_heard()
            finally:
                stream.cancel()
        except VesperError as error:
            _log.info("the stop phrase cannot be listened for: %s", error.code)

    @staticmethod
    async def _heard(stream: StopStream, sound: asyncio.Queue[Samples]) -> bool:
        fed = 0
        while True:
            samples = await sound.get()
            stream.feed(samples)
            fed += len(samples)
            if fed >= _ASK_EVERY_SAMPLES:
                fed = 0
                if await stream.heard():
                    return True
