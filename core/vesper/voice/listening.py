"""Listening: from an opening to an utterance. Takes the reports of the audio thread, feeds the recogniser, decides
with `Hearing` when the sentence is over, and hands on a `Speech` whose text may already be on its way.

Everything about time in here is counted in samples; the only clock is the watchdog over a sound that stops coming.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from vesper.audio.ears import AudibleReport, Ears, LevelReport, MicrophoneReport, Report, SoundReport, WakeReport
from vesper.audio.endpointing import Endpointing
from vesper.audio.interruption import Phase, Signal
from vesper.audio.loudness import Loudness
from vesper.base.bus import EventBus
from vesper.base.errors import EngineFailed
from vesper.base.events import (
    LevelChanged,
    SpeechEnded,
    SpeechPartial,
    SpeechRecognised,
    SpeechStarted,
    WakeHeard,
    WakeRejected,
)
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.dialogue.utterance import Utterance
from vesper.ports.audio import SAMPLE_RATE
from vesper.ports.noise import NoiseSuppressor
from vesper.ports.stt import SttStream
from vesper.voice.agreement import LEAST_AGREEMENT, sure_agreement
from vesper.voice.chime import Chime
from vesper.voice.cleaning import ROOM_SAMPLES
from vesper.voice.earcons import Earcons
from vesper.voice.hearing import Heard, Hearing
from vesper.voice.microphone import MicrophoneCare
from vesper.voice.openings import Opening, OpeningKind, Openings
from vesper.voice.recognition import Recognition, SecondPass
from vesper.voice.stop_phrase import StopPhrase
from vesper.voice.trace import Turn

_log = logging.getLogger(__name__)

# The wake phrase itself goes to the recogniser too, which knows it may be there: cutting it off would cost the
# first word whenever the cut is late. Where a command follows at once, the phrase is noticed up to half a second
# behind its end; more of it would only be decoded in vain.
_PHRASE_SAMPLES = round(0.5 * SAMPLE_RATE)
# Where a phrase ends is an estimate; voice this soon behind it is still the phrase.
_PHRASE_TAIL_SAMPLES = round(0.06 * SAMPLE_RATE)
# A pressed button is late: people begin to speak while they press.
_BUTTON_PRE_ROLL_SAMPLES = round(0.25 * SAMPLE_RATE)
_PARTIAL_EVERY_SAMPLES = round(0.06 * SAMPLE_RATE)
_NO_SOUND_TIMEOUT_S = 2.0
_NOTHING_SAID_S = 5.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """Ends an utterance from outside: `reason` stopped (the user), device (lost) or silence (a file is over)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Speech:
    """An utterance that is over; `recognised` waits for its text."""

    heard: Heard
    ended_at: float
    turn: Turn
    second_pass: SecondPass
    language: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to recognise: no voice, or given up by the user."""
        return not self.heard.has_speech or self.heard.reason in {"stopped", "device"}

    async def recognised(self) -> Utterance:
        """The utterance's text and how sure it is. Raises EngineFailed when the recogniser failed."""
        with self.turn.step("recognise"):
            transcript = await self.second_pass.result(self.heard.sound, self.heard.speech_end, self.heard.live)
        snr_db = round(self.heard.sound.snr_db, 1)
        self.turn.note(verdict=transcript.verdict, confidence=round(transcript.confidence, 3), snr_db=snr_db)
        if transcript.verdict == "rejected":
            self.turn.note(needed=LEAST_AGREEMENT)
            self.turn.record.guess = next(iter(transcript.alternatives), "")
        elif transcript.verdict == "unsure":
            self.turn.note(needed=sure_agreement(snr_db))
        self.turn.publish(
            SpeechRecognised(
                text=transcript.text,
                confidence=round(transcript.confidence, 3),
                engine=transcript.engine,
                language=transcript.language or self.language,
            )
        )
        return Utterance(
            text=transcript.text,
            source="voice",
            confidence=transcript.confidence,
            alternatives=transcript.alternatives,
            snr_db=snr_db,
            verdict=transcript.verdict,
            language=self.language,
        )


@dataclass(frozen=True, slots=True)
class Senses:
    """What listening is done with; `step_samples` is how much sound one activity value stands for."""

    ears: Ears
    microphone: MicrophoneCare
    recognition: Recognition
    stop_phrase: StopPhrase
    earcons: Earcons
    step_samples: int
    suppressor: NoiseSuppressor | None = None


def _nobody(_: Loudness) -> None:
    """Nobody keeps how loud it was."""


class Listening:
    """Hears one utterance at a time. `on_report` is called in the core's loop with what the audio thread found.

    `on_loudness` gets how loud the microphone was, every five seconds.
    """

    def __init__(self, senses: Senses, openings: Openings, *, settings: SettingsFile, bus: EventBus) -> None:
        self._ears = senses.ears
        self._microphone = senses.microphone
        self._recognition = senses.recognition
        self._stop_phrase = senses.stop_phrase
        self._earcons = senses.earcons
        self._step_samples = senses.step_samples
        self._suppressor = senses.suppressor
        self._openings = openings
        self._settings = settings
        self._bus = bus
        self._owner = TaskOwner("listening", told_by_awaiting)
        self._reports: asyncio.Queue[SoundReport | Stopped] | None = None
        self._is_ringing = False
        self.on_loudness: Callable[[Loudness], None] = _nobody

    # ------------------------------------------------------------- openings

    async def next_opening(self) -> Opening:
        """Wait for the next reason to listen."""
        self.enter(Phase.ARMED)
        return await self._openings.next()

    def enter(self, phase: Phase) -> None:
        """Say what Vesper is doing, for the table of who may interrupt whom."""
        if phase is Phase.THINKING:
            self._openings.silenced_by = None
        self._openings.phase = phase
        self._ears.phase = phase
        self._listen_for_stop()

    @property
    def silenced_by(self) -> str | None:
        """Who interrupted while the answer was being made, if anyone."""
        return self._openings.silenced_by

    def ringing_changed(self, is_ringing: bool) -> None:
        """Something began to ring, or nothing rings any more."""
        self._is_ringing = is_ringing
        self._listen_for_stop()

    def _listen_for_stop(self) -> None:
        """The stop phrase is listened for while something sounds, and never while a sentence is being heard."""
        phase = self._openings.phase
        answers_ringing = phase is Phase.ARMED and self._is_ringing
        self._stop_phrase.takes_answers = answers_ringing
        wanted = phase is Phase.SPEAKING or answers_ringing
        if wanted and self._settings.get("wake.stop_phrase"):
            if not self._stop_phrase.is_armed and self._stop_phrase.arm():
                self._ears.attend(self._ears.now_sample)
        elif self._stop_phrase.is_armed:
            self._stop_phrase.disarm()
            self._ears.ignore()

    def talk(self, kind: OpeningKind = "talk") -> None:
        """Listen now, as if the wake phrase had been said ("hold": until `release`)."""
        self._openings.signal(Signal.TALK, self._opening_now(kind, _BUTTON_PRE_ROLL_SAMPLES, _NOTHING_SAID_S))

    def release(self) -> None:
        """The held key was let go: the sentence is over."""
        self._stop("silence")

    def give_up(self) -> None:
        """The user does not want to be heard any more."""
        self._stop("stopped")

    def expect_follow_up(self) -> None:
        """Listen once more without a wake phrase; called at the real end of playback."""
        patience = float(self._settings.get("listening.follow_up_s"))
        self._openings.offer(self._opening_now("follow_up", 0, patience))

    def _opening_now(self, kind: OpeningKind, pre_roll: int, patience_s: float) -> Opening:
        now = self._ears.now_sample
        return Opening(kind, max(0, now - pre_roll), max(0, now - pre_roll), patience_s)

    # -------------------------------------------------------------- reports

    def on_report(self, report: Report) -> None:
        """Take in what the audio thread found."""
        match report:
            case SoundReport():
                if self._reports is not None:
                    self._reports.put_nowait(report)
                else:
                    self._stop_phrase.feed(report.samples)
            case WakeReport():
                self._on_wake(report)
            case LevelReport():
                self._bus.publish(LevelChanged(dbfs=round(report.dbfs, 1)))
            case Loudness():
                self.on_loudness(report)
            case MicrophoneReport():
                self._stop("silence" if report.error is None else "device")
                self._microphone.lost(report)
            case AudibleReport():
                self._microphone.heard(report)

    def _on_wake(self, report: WakeReport) -> None:
        hit = report.hit
        score = round(hit.score, 3)
        if not hit.is_accepted:
            rejected = WakeRejected(phrase=hit.phrase, score=score, why=hit.why, threshold=round(hit.threshold, 3))
            self._bus.publish(rejected)
            return
        lag_s = (report.now_sample - hit.ended_at_sample) / SAMPLE_RATE
        ended_at = round(self._bus.since_start() - lag_s, 3)
        self._bus.publish(WakeHeard(phrase=hit.phrase, score=score, ended_at=ended_at))
        opening = Opening(
            "wake",
            max(0, hit.ended_at_sample - _PHRASE_SAMPLES),
            hit.ended_at_sample + _PHRASE_TAIL_SAMPLES,
            _NOTHING_SAID_S,
            phrase=hit.phrase,
            score=hit.score,
        )
        self._openings.signal(Signal.WAKE, opening)

    def _stop(self, reason: str) -> None:
        if self._reports is not None:
            self._reports.put_nowait(Stopped(reason))

    # -------------------------------------------------------------- hearing

    async def hear(self, opening: Opening, turn: Turn) -> Speech:
        """Listen until the sentence is over. Always ends: by silence, the cap, the user, or the device."""
        self.enter(Phase.HEARING)
        second_pass = SecondPass(self._recognition, self._owner)
        hearing = Hearing(opening, self._endpointing(opening), self._step_samples, suppressor=self._suppressor)
        self._reports = asyncio.Queue()
        self._ears.attend(max(0, opening.from_sample - ROOM_SAMPLES))
        try:
            with turn.step("hear"):
                heard = await self._until_over(opening, hearing, second_pass, turn=turn)
        finally:
            self._reports = None
            self._ears.ignore()
            self.enter(Phase.THINKING)
        turn.note(end=heard.reason)
        turn.publish(SpeechEnded(reason=heard.reason, silence_ms=heard.silence_ms))
        ended_at = self._bus.since_start() - heard.silence_ms / 1000
        return Speech(heard, ended_at, turn, second_pass, self._recognition.language)

    def short_answer(self, opening: Opening, turn: Turn) -> Utterance:
        """What a short phrase stands for; it was heard already, for nothing else."""
        self.enter(Phase.THINKING)
        language = self._recognition.language
        turn.publish(SpeechRecognised(text=opening.sentence, confidence=1.0, engine="", language=language))
        return Utterance(opening.sentence, source="voice", language=language)

    def _endpointing(self, opening: Opening) -> Endpointing:
        listening = self._settings.current.listening
        return Endpointing(listening.pace, nothing_s=opening.patience_s, longest_s=listening.longest_s)

    async def _until_over(self, opening: Opening, hearing: Hearing, second_pass: SecondPass, *, turn: Turn) -> Heard:
        stream = await self._recognition.start()
        chime = Chime(self._earcons, opening)
        follower = _Follower(stream, hearing, turn)
        try:
            while True:
                report = await self._next_report()
                if isinstance(report, Stopped):
                    return hearing.over(report.reason)
                await follower.take(chime.mask(report))
                if hearing.wants_second_pass():
                    second_pass.begin(hearing.sound(), hearing.speech_end)
                if second_pass.has_sentence(hearing.speech_end, hearing.live):
                    hearing.understood_whole()
                await chime.sound_if_due(hearing)
                if (end := hearing.decide()) is not None:
                    return hearing.over(end.reason)
        finally:
            stream.cancel()

    async def _next_report(self) -> SoundReport | Stopped:
        assert self._reports is not None
        try:
            async with asyncio.timeout(_NO_SOUND_TIMEOUT_S):
                return await self._reports.get()
        except TimeoutError:
            return Stopped("device")


class _Follower:
    """Follows an utterance live: feeds the recogniser, asks it what it understood, tells what changed."""

    def __init__(self, stream: SttStream, hearing: Hearing, turn: Turn) -> None:
        self._stream = stream
        self._hearing = hearing
        self._turn = turn
        self._asked_at = 0
        self._text = ""
        self._has_begun = False

    async def take(self, report: SoundReport) -> None:
        """Take in more sound."""
        samples = self._hearing.add(report)
        if len(samples):
            self._stream.feed(samples)
        if self._hearing.end_sample - self._asked_at >= _PARTIAL_EVERY_SAMPLES:
            self._asked_at = self._hearing.end_sample
            await self._ask()
        if self._hearing.has_speech and not self._has_begun:
            self._has_begun = True
            self._turn.publish(SpeechStarted())

    async def _ask(self) -> None:
        """Without partials the pause alone decides, so a failing recogniser is no end here."""
        try:
            partial = await self._stream.partial()
        except EngineFailed as error:
            _log.info("no partial result: %s", error.code)
            return
        self._hearing.understood(partial)
        if partial.text != self._text:
            self._text = partial.text
            self._turn.publish(SpeechPartial(text=partial.text))
