"""The trace of the last minutes: what happened to whoever says "why didn't you answer?". Kept in memory, nowhere else.

`RecentTrace` listens on the bus, takes the records of turns and how loud the microphone was, and forgets what is older
than ten minutes. What it hands out is a `Recent`, a plain value; `voice/why_not.py` chooses the reason from it. It
holds words (what was heard, and what a rejected sentence was nearly taken for), which is why it never goes to disk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from vesper.base.bus import EventBus
from vesper.base.events import (
    DeviceBack,
    DeviceLostEvent,
    EngineRestarted,
    Event,
    IntentUnderstood,
    ListeningArmed,
    ListeningMuted,
    Problem,
    SettingChanged,
    SpeakingFinished,
    SpeechEnded,
    SpeechStarted,
    TimerRang,
    TimerStopped,
    TurnFinished,
    WakeHeard,
    WakeRejected,
)
from vesper.voice.trace import TurnRecord

if TYPE_CHECKING:  # it brings numpy, and a command made for one question goes without
    from vesper.audio.loudness import Loudness

KEPT_S = 600.0
MOST_KEPT = 500
"""Happenings in the trace at most: a room full of near wakes must not fill the memory."""

WHY_INTENT = "assistant.why"
_FOLLOWED = (
    ListeningArmed,
    ListeningMuted,
    WakeHeard,
    WakeRejected,
    SpeechStarted,
    SpeechEnded,
    IntentUnderstood,
    SpeakingFinished,
    TurnFinished,
    TimerRang,
    TimerStopped,
    DeviceLostEvent,
    DeviceBack,
    EngineRestarted,
    SettingChanged,
    Problem,
)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn that ended at `at` (seconds since the start)."""

    at: float
    record: TurnRecord

    @property
    def asked_why(self) -> bool:
        """Whether it was only the question what had gone wrong, be it that Vesper asked whether it was."""
        facts = self.record.facts
        is_doubted = facts.get("verdict") == "unsure" and WHY_INTENT in facts.get("nearest", ())
        return is_doubted or WHY_INTENT in facts.get("intents", ())


@dataclass(frozen=True, slots=True)
class PastLoudness:
    """How loud the microphone was in the `seconds` before `at`, as `vesper.audio.loudness.Loudness` measures it."""

    at: float
    seconds: float
    peak_dbfs: float
    floor_dbfs: float


Happening = Event | PastTurn | PastLoudness


@dataclass(frozen=True, slots=True)
class Microphone:
    """The microphone since `since`, and what was wrong with it where it could not be opened."""

    state: Literal["starting", "open", "muted", "lost", "failed"] = "starting"
    since: float = 0.0
    phrases: tuple[str, ...] = ()
    problem: Problem | None = None
    was: str = ""
    """The state before this one."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The last minutes as they look at `now` (seconds since the start); `happenings` oldest first.

    `ringing_since` and `busy_since` say since when a timer rings and another spoken turn is under way. `is_mute`:
    answers are written, not spoken. Without `is_running` all of this is what another Vesper left behind.
    """

    now: float
    happenings: tuple[Happening, ...] = ()
    microphone: Microphone = Microphone()
    ringing_since: float | None = None
    busy_since: float | None = None
    is_mute: bool = False
    is_running: bool = True


class RecentTrace:
    """Collects the last minutes. Belongs to the core's loop.

    `is_mute` says whether answers are only written. Events are fetched from the bus when somebody looks or something
    is kept, so this needs no task of its own.
    """

    def __init__(self, bus: EventBus, *, is_mute: Callable[[], bool] = lambda: False) -> None:
        self._bus = bus
        self._is_mute = is_mute
        self._events = bus.subscribe(*_FOLLOWED, size=MOST_KEPT)
        self._happenings: deque[Happening] = deque(maxlen=MOST_KEPT)
        self._microphone = Microphone()
        self._ringing: dict[str, float] = {}
        self._open_turns: dict[str, float] = {}

    def keep(self, record: TurnRecord) -> None:
        """Keep how a turn went, words included, for ten minutes."""
        self._fetch()
        self._add(PastTurn(self._bus.since_start(), record))

    def keep_loudness(self, measured: Loudness) -> None:
        """Keep how loud the microphone was. Sound that arrives is the proof that it is open."""
        self._fetch()
        now = self._bus.since_start()
        if self._microphone.state == "failed":
            self._microphone = Microphone("open", now, self._microphone.phrases, was="failed")
        self._add(PastLoudness(now, measured.seconds, measured.peak_dbfs, measured.floor_dbfs))

    def recent(self) -> Recent:
        """The last minutes as they look now."""
        self._fetch()
        now = self._bus.since_start()
        self._forget(now)
        return Recent(
            now,
            tuple(self._happenings),
            self._microphone,
            ringing_since=min(self._ringing.values(), default=None),
            busy_since=min(self._open_turns.values(), default=None),
            is_mute=self._is_mute(),
        )

    def _fetch(self) -> None:
        for event in self._events.taken():
            self._microphone = microphone_after(self._microphone, event)
            self._follow(event)
            self._add(event)

    def _follow(self, event: Event) -> None:
        """Note what goes on for a while: ringing, and spoken turns other than the one that asks why."""
        at = event.at or 0.0
        match event:
            case TimerRang(id=timer):
                self._ringing.setdefault(timer, at)
            case TimerStopped(id=timer):
                self._ringing.pop(timer, None)
            case SpeechStarted(turn=str(turn)) | SpeechEnded(turn=str(turn)):
                self._open_turns.setdefault(turn, at)
            case IntentUnderstood(turn=str(turn), intents=intents):
                if any(intent.get("intent") == WHY_INTENT for intent in intents):
                    self._open_turns.pop(turn, None)
            case TurnFinished(turn=str(turn)):
                self._open_turns.pop(turn, None)
            case _:
                pass

    def _add(self, happening: Happening) -> None:
        self._happenings.append(happening)
        self._forget(self._bus.since_start())

    def _forget(self, now: float) -> None:
        while self._happenings and (self._happenings[0].at or 0.0) < now - KEPT_S:
            self._happenings.popleft()


def microphone_after(before: Microphone, event: Event) -> Microphone:
    """What is known of the microphone after an event; the very same object where it says nothing of it. Pure."""
    since, was = event.at or 0.0, before.state
    match event:
        case ListeningArmed(phrases=phrases):
            opened = Microphone("open", since, phrases, was=was)
            return replace(before, phrases=phrases) if was == "open" else opened
        case ListeningMuted(phrases=phrases):
            return Microphone("muted", since, phrases, was=was)
        case SettingChanged(setting="wake.phrases", value=phrases):
            return replace(before, phrases=tuple(phrases))
        case DeviceLostEvent(kind="input"):
            return Microphone("lost", since, before.phrases, was=was)
        case Problem(code=code) if code.startswith("microphone."):
            failed = Microphone("failed", since, before.phrases, event, was=was)
            return replace(before, problem=event) if was == "lost" else failed
        case _:
            return before
