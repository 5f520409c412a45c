"""Recognition: the recognisers of a turn, and the second pass that is begun in the silence.

`live` follows the utterance while it is spoken (partials, the early end); `final` decodes the whole of it, which is
better because all of it is known. Both have the same grammar. Beside `final` the gatekeeper hears the same sound
without holding it to the grammar: what the three do not agree on was no command (`vesper.voice.agreement`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vesper.base.errors import EngineFailed, VesperError
from vesper.base.tasks import TaskOwner
from vesper.ports.audio import Samples
from vesper.ports.gatekeeper import Gatekeeper
from vesper.ports.stt import Grammar, GrammarReport, SpeechToText, SttStream, Transcript
from vesper.voice.agreement import Opinions, agreed, is_very_noisy
from vesper.voice.cleaning import Sound

_log = logging.getLogger(__name__)
_READY_TIMEOUT_S = 20.0
_RECOGNISE_TIMEOUT_S = 8.0
_OPINION_TIMEOUT_S = 4.0


class Recognition:
    """Speech to text for one language. `load` must have been called once before a turn can be heard."""

    def __init__(
        self, live: SpeechToText, final: SpeechToText, language: str, *, gatekeeper: Gatekeeper | None = None
    ) -> None:
        self._live = live
        self._final = final
        self._gatekeeper = gatekeeper
        self._ready = asyncio.Event()
        self._gatekeeper_is_ready = False
        self.language = language

    async def load(self, grammar: Grammar) -> GrammarReport:
        """Use this grammar from the next utterance on; the gatekeeper may take some seconds longer.

        Until then it is not asked: it would judge by the sentences before, and only after it has loaded these.
        """
        self._gatekeeper_is_ready = False
        report, _ = await asyncio.gather(self._live.load(grammar), self._final.load(grammar))
        self._ready.set()
        if self._gatekeeper is not None:
            await self._gatekeeper.load(grammar)
            self._gatekeeper_is_ready = True
        return report

    async def start(self) -> SttStream:
        """Begin to follow an utterance. Raises EngineFailed when the recogniser does not get ready."""
        try:
            async with asyncio.timeout(_READY_TIMEOUT_S):
                await self._ready.wait()
                return await self._live.start()
        except TimeoutError:
            raise EngineFailed(
                "stt.not_ready", "The speech recogniser is not ready.", "Try again in a moment."
            ) from None

    async def recognise(self, sound: Sound) -> Recognised:
        """The whole utterance at once. Raises EngineFailed."""
        try:
            async with asyncio.timeout(_RECOGNISE_TIMEOUT_S):
                commands, readings = await asyncio.gather(self._commands(sound), self._readings(sound.raw))
                return Recognised(*commands, readings, sound.snr_db)
        except TimeoutError:
            raise EngineFailed("stt.hung", "The speech recogniser took too long.", "Please say it again.") from None

    async def _commands(self, sound: Sound) -> tuple[Transcript, Transcript | None]:
        """The command; where it is very noisy also what is heard of it without the noise being suppressed."""
        command = await self._final.recognise(sound.clean)
        return command, await self._final.recognise(sound.raw) if is_very_noisy(sound.snr_db) else None

    async def _readings(self, samples: Samples) -> tuple[Transcript, ...] | None:
        """What the gatekeeper heard; None without one: it must never be why a command is not heard."""
        if self._gatekeeper is None or not self._gatekeeper_is_ready:
            return None
        try:
            async with asyncio.timeout(_OPINION_TIMEOUT_S):
                return await self._gatekeeper.recognise(samples)
        except (VesperError, TimeoutError) as error:
            _log.info("no second opinion: %s", error or "it took too long")
            return None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A command as it was recognised, and what there is beside it to judge it by.

    `unclean` is the command of the same sound with all its noise, `readings` are the gatekeeper's, who hears it so too;
    each is None where there is none.
    """

    command: Transcript
    unclean: Transcript | None
    readings: tuple[Transcript, ...] | None
    snr_db: float

    def judged(self, live: Sequence[str]) -> Transcript:
        """The command with how sure it is; `live` is what the live recogniser understood."""
        if self.readings is None:
            return self.command if self._is_heard_live(live) else replace(self.command, verdict="unsure")
        return agreed(self.command, Opinions(self.readings, live, self.unclean, self.snr_db))

    def _is_heard_live(self, live: Sequence[str]) -> bool:
        """Without a gatekeeper the live recogniser alone can say that it heard the same."""
        return not self.command.text or self.command.text in live


class SecondPass:
    """The second pass over an utterance, begun early and thrown away when speech goes on."""

    def __init__(self, recognition: Recognition, owner: TaskOwner) -> None:
        self._recognition = recognition
        self._owner = owner
        self._task: asyncio.Task[Recognised] | None = None
        self._speech_end = -1

    def begin(self, sound: Sound, speech_end: int) -> None:
        """Decode `sound`, in which speech ends at `speech_end`; an earlier pass is thrown away."""
        self.drop()
        self._speech_end = speech_end
        self._task = self._owner.start(self._recognition.recognise(sound), "second pass")
        # An abandoned pass may fail with nobody waiting; the one that counts is awaited in `result`.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    def has_sentence(self, speech_end: int, live: Sequence[str]) -> bool:
        """Whether the pass over speech that ended at `speech_end` is over and understood a whole sentence for sure."""
        task = self._task
        if task is None or self._speech_end != speech_end or not task.done() or task.cancelled():
            return False
        if task.exception() is not None:
            return False
        transcript = task.result().judged(live)
        return bool(transcript.text) and transcript.verdict == "sure"

    def drop(self) -> None:
        """Throw the running pass away."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def result(self, sound: Sound, speech_end: int, live: Sequence[str]) -> Transcript:
        """The transcript of the whole utterance: of the pass begun early if speech did not go on since.

        `live` is what the live recogniser understood of it. Raises EngineFailed.
        """
        if self._task is None or self._speech_end != speech_end:
            self.begin(sound, speech_end)
        assert self._task is not None
        return (await self._task).judged(live)
