"""`eval spoken`: espeak-ng says commands into the real voice loop, on a virtual clock.

One assistant with all its engines hears every utterance, one after the other, in one stream of faint noise; it lives
in a folder of its own, so that nothing of the user's is read or changed. Between two utterances its timers and its
voice's dials are put back. Measured is what a user would notice: woken, understood, answered, and how soon.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from vesper.assembly import Sound, assemble, silent_speaker
from vesper.assistant import Assistant
from vesper.base.clock import VirtualClock
from vesper.base.errors import EngineFailed
from vesper.base.events import Event
from vesper.base.paths import user_paths
from vesper.base.settings import VoiceSettings
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner
from vesper.evaluation.made_speech import MadeUtterance, spoken, utterance
from vesper.evaluation.manifests import Progress
from vesper.evaluation.percentiles import percentiles
from vesper.evaluation.scratch import scratch_folder
from vesper.evaluation.sound_stream import StreamDevices, StreamMicrophone
from vesper.evaluation.spoken_plan import Sentence, SpokenQuestion, Trial, read_sentences, trials
from vesper.evaluation.spoken_verdict import Verdict, judge
from vesper.ports.audio import SAMPLE_RATE

# Who presses a button begins to speak when the hand is free again.
_BUTTON_TO_SPEECH_S = 0.5
# A turn with its answer takes some seconds of the clock, far less of real time.
_TRIAL_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial's verdict and its two delays in milliseconds, None where nothing was spoken.

    `voice_to_voice_ms`: from the last sound of the sentence to the first sample of the answer; `answer_ms`: from the
    decision that the sentence is over to that sample.
    """

    trial: Trial
    verdict: Verdict
    voice_to_voice_ms: float | None = None
    answer_ms: float | None = None


async def run(
    question: SpokenQuestion,
    *,
    progress: Progress = lambda _done, _all: None,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> dict[str, Any]:
    """Hear every trial; the answer is the JSON object of `eval spoken`. `tell` gets each outcome as it is known.

    Raises Missing without espeak-ng, BadInput for sentences or voices that cannot be read, EngineFailed.
    """
    planned = trials(question, read_sentences(question.sentences))
    outcomes: list[Outcome] = []
    async with _listener(question.phrase) as listener:
        for number, trial in enumerate(planned, 1):
            outcomes.append(await listener.hear(trial))
            tell(outcomes[-1])
            progress(number, len(planned))
    return report(outcomes)


class _Listener:
    """The assistant under test, with its stream and what it publishes."""

    def __init__(self, assistant: Assistant, microphone: StreamMicrophone, phrase: str | None) -> None:
        self._assistant = assistant
        self._microphone = microphone
        self._phrase = phrase
        self._events: list[Event] = []
        self._subscription = assistant.bus.subscribe()

    async def follow(self) -> None:
        """Collect events until the bus is left."""
        async for event in self._subscription:
            self._events.append(event)

    def leave(self) -> None:
        """Collect no more."""
        self._subscription.close()

    async def hear(self, trial: Trial) -> Outcome:
        """One utterance from a clean state to the end of its last turn."""
        made = await asyncio.to_thread(self._made, trial)
        await self._prepare(trial.sentence)
        self._events.clear()
        if self._phrase is None:
            await self._assistant.talk()
        begins_at = self._microphone.say(made.samples) - self._bus_start
        try:
            async with asyncio.timeout(_TRIAL_TIMEOUT_S):
                await self._assistant.hear_recording()
        except TimeoutError:
            raise EngineFailed("eval.stuck", f'"{trial.sentence.text}" was never answered to its end.') from None
        verdict = judge(trial.sentence, self._events, needs_wake=self._phrase is not None)
        await self._put_back()
        return _outcome(trial, verdict, begins_at + made.speech_end / SAMPLE_RATE)

    @property
    def _bus_start(self) -> float:
        """What events count from, in `Clock.monotonic`."""
        return self._assistant.clock.monotonic() - self._assistant.bus.since_start()

    def _made(self, trial: Trial) -> MadeUtterance:
        said = spoken(trial.sentence.text, trial.voice)
        gap_s, snr_db = trial.gap_ms / 1000, trial.snr_db
        if self._phrase is None:
            lead_s = _BUTTON_TO_SPEECH_S + gap_s
            return utterance([said], 0.0, snr_db=snr_db, seed=trial.number, lead_s=lead_s)
        phrase = spoken(self._phrase, trial.voice)
        return utterance([phrase, said], gap_s, snr_db=snr_db, seed=trial.number)

    async def _prepare(self, sentence: Sentence) -> None:
        for earlier in sentence.before:
            await self._assistant.ask(earlier)

    async def _put_back(self) -> None:
        for timer in await self._assistant.timers():
            await self._assistant.timer_action("cancel", timer["id"])
        usual = VoiceSettings()
        self._assistant.settings.apply("voice.volume", usual.volume)
        self._assistant.settings.apply("voice.rate", usual.rate)


@asynccontextmanager
async def _listener(phrase: str | None) -> AsyncGenerator[_Listener]:
    """A started assistant in a folder of its own, closed and deleted afterwards."""
    owner = TaskOwner("eval spoken")
    async with scratch_folder("vesper-eval-") as folder:
        paths = user_paths(folder)
        if phrase is not None:
            await asyncio.to_thread(SettingsFile(paths.settings_file).set, "wake.phrases", [phrase])
        clock = VirtualClock()
        microphone = StreamMicrophone(clock)
        assistant = assemble(paths, clock, Sound(devices=StreamDevices(microphone, silent_speaker(clock))))
        listener = _Listener(assistant, microphone, phrase)
        owner.start(listener.follow(), "follow")
        try:
            await assistant.start(threaded=False)
            yield listener
        finally:
            await assistant.close()
            listener.leave()
            await owner.close()


def _outcome(trial: Trial, verdict: Verdict, speech_end_at: float) -> Outcome:
    first = verdict.first_sample_at
    if first is None:
        return Outcome(trial, verdict)
    answer_ms = None if verdict.ended_at is None else 1000 * (first - verdict.ended_at)
    return Outcome(trial, verdict, 1000 * (first - speech_end_at), answer_ms)


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures over all trials, and the same by gap, ratio and group of intents."""
    return {
        **_figures(outcomes),
        "by_gap_ms": _split(outcomes, lambda outcome: str(outcome.trial.gap_ms)),
        "by_snr_db": _split(outcomes, lambda outcome: outcome.trial.snr),
        "by_intent": _split(outcomes, lambda outcome: outcome.trial.sentence.group),
        "by_voice": _split(outcomes, lambda outcome: outcome.trial.voice.name),
    }


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    woken = [outcome.verdict for outcome in outcomes if outcome.verdict.is_woken]
    right = sum(verdict.is_right for verdict in woken)
    return {
        "utterances": len(outcomes),
        "woken": len(woken),
        "first_word_lost": sum(verdict.has_lost_first_word for verdict in woken),
        "right": right,
        "accuracy": round(right / len(woken), 4) if woken else 0.0,
        "wrong_acted": sum(verdict.has_wrongly_acted for verdict in woken),
        "asked_back": sum(verdict.has_asked_back for verdict in woken),
        "voice_to_voice_ms": percentiles([o.voice_to_voice_ms for o in outcomes if o.verdict.is_right]),
        "answer_ms": percentiles([o.answer_ms for o in outcomes if o.verdict.is_right]),
    }


def _split(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, dict[str, Any]]:
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        parts[key(outcome)].append(outcome)
    return {name: _figures(part) for name, part in parts.items()}
