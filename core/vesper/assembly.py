"""Assembly: the one place that chooses engines and wires services. Reads from top to bottom: the foundation, what
understands and acts, what listens and speaks, and the Assistant over all of it.

Nothing heavy happens here: engines are opened by `Assistant.start`, storage in its own thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from vesper.assistant import Assistant, Parts
from vesper.audio.ears import Ears, Report
from vesper.audio.interruption import Phase, Signal
from vesper.base.clock import Clock, SystemClock, VirtualClock
from vesper.base.errors import WrongUsage
from vesper.base.events import EngineRestarted
from vesper.base.language import Phrases
from vesper.base.paths import UserPaths
from vesper.dialogue.late import LateResponder
from vesper.engines import ENGINES
from vesper.groundwork import Groundwork
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.audio import AudioDevices, Speaker
from vesper.ports.engine import EngineSpec, Role
from vesper.ports.gatekeeper import Gatekeeper
from vesper.ports.stt import Grammar, SpeechToText
from vesper.ports.system import Notifier
from vesper.ports.tts import TextToSpeech
from vesper.ports.wake import PhraseCheck, StopPhraseDetector, WakeWordDetector
from vesper.stage_checks import Probed, StageEngines, stage_checks
from vesper.understanding.grammar import load_grammar
from vesper.voice.conversation import Conversation
from vesper.voice.earcons import Earcons
from vesper.voice.listening import Listening, Senses
from vesper.voice.microphone import MicrophoneCare
from vesper.voice.openings import Openings
from vesper.voice.output import Output
from vesper.voice.recognition import Recognition
from vesper.voice.replay import Replay
from vesper.voice.ringing import Ringing
from vesper.voice.speaking import Speaking
from vesper.voice.speech_engines import HearingEngines, PhraseEngine, SpeechEngines, VoiceEngine
from vesper.voice.spoken_text import SpokenText
from vesper.voice.stop_phrase import StopPhrase, short_phrases
from vesper.voice.trace import Trace
from vesper.voice.voice_loop import VoiceLoop, VoiceParts
from vesper.worker.messages import load_class
from vesper.worker.proxy import EngineProxy, make_async

_ENDLESS_S = 1e9
# One recogniser follows the speaker, one hears the whole sentence, one gives a second opinion on it.
_RECOGNISERS: tuple[Role, ...] = ("stt", "stt", "gate")


@dataclass(frozen=True, slots=True)
class Sound:
    """Where sound comes from and goes to: the machine's devices, a recording and a folder for answers, or `devices`
    that are there already (scripted ones)."""

    recording: Path | None = None
    out_dir: Path | None = None
    devices: AudioDevices | None = None


def assemble(
    paths: UserPaths,
    clock: Clock | None = None,
    sound: Sound | None = None,
    *,
    engines: Sequence[EngineSpec] = ENGINES,
) -> Assistant:
    """The whole assistant, with a voice. On a VirtualClock a recording is heard as fast as it decodes.

    `engines` is the table to choose from: the first engine of a role fills it.
    """
    return _Assembly(paths, clock or SystemClock(), sound or Sound(), engines=engines).with_voice()


def assemble_typed(paths: UserPaths) -> Assistant:
    """An assistant for one command: it understands and acts, and can speak into a file; it has no ears."""
    return _Assembly(paths, SystemClock(), Sound(), engines=ENGINES).typed()


def plain_engine(role: Role, name: str = "") -> Any:
    """A fresh engine of a role, not opened and with no worker around it, for what measures engines.

    The role's first unless `name` says which. Raises WrongUsage for an engine that is not there.
    """
    known = [spec for spec in ENGINES if spec.role == role]
    for spec in known:
        if name in ("", spec.name):
            return load_class(spec.target)()
    raise WrongUsage("engine.unknown", f'There is no engine "{name}".', f"Known: {', '.join(s.name for s in known)}.")


def silent_speaker(clock: Clock) -> Speaker:
    """A speaker that plays in time with `clock` and is heard by nobody (evaluation on made sound)."""
    spec = next(spec for spec in ENGINES if (spec.role, spec.name) == ("audio", "wavfile"))
    return cast(AudioDevices, load_class(spec.target)(None, None, clock)).open_speaker("")


class _Reports:
    """Brings what the audio thread found into the loop; a replayed recording is stepped there already."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, is_stepped: bool) -> None:
        self._loop = loop
        self._is_stepped = is_stepped
        self.take: Callable[[Report], None] = _nobody

    def deliver(self, report: Report) -> None:
        """Hand a report over; called in the thread that steps the ears."""
        if self._is_stepped:
            self.take(report)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.take, report)


def _nobody(_: Report) -> None:
    """Nobody takes reports before the listening is made."""


class _Assembly(Groundwork):
    """One assistant being put together: on the groundwork, every attribute is a service, made in the order below."""

    def __init__(self, paths: UserPaths, clock: Clock, sound: Sound, *, engines: Sequence[EngineSpec]) -> None:
        super().__init__(paths, clock, engines)
        self.sound = sound
        self.devices = self._devices()
        self.output = Output(self.devices, self.settings, self.bus)
        self.spoken_text = SpokenText(self.pack)
        self.tts = self._in_place(self.spec("tts"))
        self.speaking = Speaking(
            cast(TextToSpeech, self.tts),
            self.output,
            self.spoken_text,
            settings=self.settings,
            bus=self.bus,
            clock=clock,
        )

    # ------------------------------------------------------------- assistants

    def typed(self) -> Assistant:
        """Understands and acts; nobody listens, so timers only ring in a running Vesper."""
        return self._assistant(self._responder(has_listener=False), self._engines(None), voice=None, replay=None)

    def with_voice(self) -> Assistant:
        """Listens and speaks too."""
        responder = self._responder(has_listener=True)
        hearing = self._hearing()
        engines = self._engines(hearing)
        voice = self._voice_loop(responder, hearing, engines)
        return self._assistant(responder, engines, voice=voice, replay=self._replay(voice, hearing))

    def _assistant(
        self, responder: LateResponder, engines: SpeechEngines, *, voice: VoiceLoop | None, replay: Replay | None
    ) -> Assistant:
        parts = Parts(
            settings=self.settings,
            bus=self.bus,
            clock=self.clock,
            owner=self.owner,
            actions=self.actions,
            devices=self.devices,
            stores=self.stores,
            keep_turn=self.keep_turn,
            wakes=self.wakes,
            keeper=self.keeper,
            responder=responder,
            engines=engines,
            speaking=self.speaking,
            output=self.output,
            voice=voice,
            replay=replay,
            checks=stage_checks(
                StageEngines(
                    devices=self.devices,
                    wake=self._wake_detector,
                    activity=load_class(self.spec("activity").target),
                    stt=lambda: cast(Probed, self._in_place(self.spec("stt"))),
                    tts=cast(Probed, self.tts),
                ),
                settings=self.settings,
                responder=responder,
                storage=self.stores.probe,
                wakes=self.wakes.told,
                voice=voice,
            ),
        )
        return Assistant(parts)

    def _engines(self, hearing: HearingEngines | None) -> SpeechEngines:
        voice = cast(VoiceEngine, self.tts)
        return SpeechEngines(voice, self.spoken_text, hearing, settings=self.settings, bus=self.bus)

    # --------------------------------------------------- understanding, acting

    def _responder(self, *, has_listener: bool) -> LateResponder:
        return self.responder(lambda: self.speaking.cut("stop"), has_listener=has_listener)

    def _grammar(self) -> Grammar:
        """The grammar of all sentences, with the wake phrases that may stand before them. Slow: for a thread."""
        return load_grammar(self.templates(), self.settings.current.wake.phrases, self.paths.cache)

    # ---------------------------------------------------- listening, speaking

    def _devices(self) -> AudioDevices:
        if self.sound.devices is not None:
            return self.sound.devices
        if self.sound.recording is None:
            return cast(AudioDevices, load_class(self.spec("audio", "sounddevice").target)(self.clock))
        make = load_class(self.spec("audio", "wavfile").target)
        pace = "fast" if isinstance(self.clock, VirtualClock) else "real"
        devices = make(self.sound.recording, self.sound.out_dir, self.clock, pace=pace, tail_s=_ENDLESS_S)
        return cast(AudioDevices, devices)

    def _hearing(self) -> HearingEngines:
        live, final, gate = (self._in_place(self.spec(role)) for role in _RECOGNISERS)
        recognition = Recognition(
            cast(SpeechToText, live), cast(SpeechToText, final), self.language, gatekeeper=cast(Gatekeeper, gate)
        )
        return HearingEngines(
            wake=self._wake_detector(),
            activity=cast(VoiceActivityDetector, self._made("activity")),
            recognition=recognition,
            recognisers=(live, final, gate),
            stop=cast(PhraseEngine, self._in_place(self.spec("stop")))
            if any(spec.role == "stop" for spec in self.table)
            else None,
            short_phrases=short_phrases(self.pack).all,
            suppressor=self._made("noise") if any(spec.role == "noise" for spec in self.table) else None,
            grammar=self._grammar,
        )

    def _wake_detector(self) -> WakeWordDetector:
        """With a second look at doubtful phrases, where there is an engine for it."""
        detector = cast(WakeWordDetector, self._made("wake"))
        if any(spec.role == "phrase" for spec in self.table):
            detector.confirm_with(cast(PhraseCheck, self._made("phrase")))
        return detector

    def _voice_loop(self, responder: LateResponder, hearing: HearingEngines, engines: SpeechEngines) -> VoiceLoop:
        words = Phrases(self.pack, "voice")
        openings = Openings()
        reports = _Reports(asyncio.get_running_loop(), is_stepped=isinstance(self.clock, VirtualClock))
        ears = Ears(hearing.wake, hearing.activity, deliver=reports.deliver, cut_sound=self.output.silence)
        microphone = MicrophoneCare(ears, self.devices, settings=self.settings, bus=self.bus, clock=self.clock)
        stop_phrase = StopPhrase(
            cast(StopPhraseDetector | None, hearing.stop),
            short_phrases(self.pack),
            on_stop=lambda: openings.signal(Signal.STOP_PHRASE),
            on_answer=openings.answer,
        )
        earcons = Earcons(self.output, self.settings)
        senses = Senses(
            ears=ears,
            microphone=microphone,
            recognition=hearing.recognition,
            stop_phrase=stop_phrase,
            earcons=earcons,
            step_samples=hearing.activity.info.facts["step_samples"],
            suppressor=hearing.suppressor,
        )
        listening = Listening(senses, openings, settings=self.settings, bus=self.bus)
        listening.on_loudness = self.recent.keep_loudness
        reports.take = listening.on_report
        parts = VoiceParts(
            ears=ears,
            microphone=microphone,
            listening=listening,
            openings=openings,
            conversation=self._conversation(listening, responder, words),
            speaking=self.speaking,
            ringing=self._ringing(listening, openings, words),
            earcons=earcons,
            output=self.output,
            stop_phrase=stop_phrase,
            engines=engines,
            clock=self.clock,
        )
        return VoiceLoop(parts)

    def _conversation(self, listening: Listening, responder: LateResponder, words: Phrases) -> Conversation:
        trace = Trace(self.bus, self.clock, self.keep_turn)
        return Conversation(listening, responder, self.speaking, trace=trace, settings=self.settings, words=words)

    def _ringing(self, listening: Listening, openings: Openings, words: Phrases) -> Ringing:
        notifier = cast(Notifier, self._made("notifier"))
        ringing = Ringing(self.keeper, self.output, notifier, words=words, bus=self.bus, clock=self.clock)
        ringing.may_sound = lambda: openings.phase is Phase.ARMED
        ringing.on_change = listening.ringing_changed
        return ringing

    def _replay(self, voice: VoiceLoop, hearing: HearingEngines) -> Replay | None:
        if not isinstance(self.clock, VirtualClock):
            return None
        workers = cast(tuple[EngineProxy, ...], (*hearing.recognisers, self.tts))

        def is_working() -> bool:
            return voice.is_thinking or any(worker.is_working for worker in workers)

        return Replay(voice.parts.ears, self.clock, is_working)

    # ---------------------------------------------------------------- engines

    def _made(self, role: Role, name: str = "") -> Any:
        """A fresh engine of a role that is used as it is, without a worker around it."""
        return load_class(self.spec(role, name).target)()

    def _in_place(self, spec: EngineSpec) -> EngineProxy:
        """The asynchronous engine, in the place where its row in the table says it runs."""
        return make_async(spec, owner=self.owner, on_restart=self._restarted)

    def _restarted(self, engine: str, why: str) -> None:
        self.bus.publish(EngineRestarted(engine=engine, why=why))
