"""Every event, in the order of a turn. Names and fields are fixed: they are what `vesper listen --json` prints.

Imports nothing but the standard library, so that anything may speak of events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    `at`: seconds since the start, filled in by the bus; `turn`: the turn it belongs to, or None.
    """

    name: ClassVar[str] = ""
    at: float | None = None
    turn: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The event as one JSON object: `event`, `at`, `turn`, then its own fields."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in {"at", "turn"}}
        return {"event": self.name, "at": self.at, "turn": self.turn, **own}


# ---------------------------------------------------------------- listening


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningArmed(Event):
    """The microphone is open and the wake phrases are being listened for."""

    name: ClassVar[str] = "listening.armed"
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningMuted(Event):
    """The microphone is closed because the user muted it."""

    name: ClassVar[str] = "listening.muted"
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChanged(Event):
    """How loud the microphone is (`dbfs`, RMS), some times a second and only while someone looks."""

    name: ClassVar[str] = "level.changed"
    dbfs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeHeard(Event):
    """A wake phrase was heard; `ended_at` is the audio time of the phrase's end in seconds."""

    name: ClassVar[str] = "wake.heard"
    phrase: str
    score: float
    ended_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeRejected(Event):
    """Something resembled a wake phrase and was not taken for one; `why` is one word.

    `threshold` is the score that would have been enough, 0 where the detector has none.
    """

    name: ClassVar[str] = "wake.rejected"
    phrase: str
    score: float
    why: str
    threshold: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted(Event):
    """The user began to speak."""

    name: ClassVar[str] = "speech.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPartial(Event):
    """What has been understood so far; it may still change."""

    name: ClassVar[str] = "speech.partial"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded(Event):
    """The user stopped speaking.

    `reason`: silence, complete, limit, nothing, stopped or device; `silence_ms`: the silence that was waited.
    """

    name: ClassVar[str] = "speech.ended"
    reason: str
    silence_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRecognised(Event):
    """The final text of what was said; empty when no words were found."""

    name: ClassVar[str] = "speech.recognised"
    text: str
    confidence: float
    engine: str
    language: str


# ------------------------------------------------------- understanding, acting


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentUnderstood(Event):
    """What was asked for: a list of {"intent", "slots", "score"}, in the order they will be carried out."""

    name: ClassVar[str] = "intent.understood"
    intents: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentUnclaimed(Event):
    """No skill claims the sentence; `best` are the losing candidates with their scores."""

    name: ClassVar[str] = "intent.unclaimed"
    best: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillStarted(Event):
    """A skill began to act."""

    name: ClassVar[str] = "skill.started"
    skill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillFinished(Event):
    """A skill has acted, in `ms` milliseconds; `ok` is False when it failed."""

    name: ClassVar[str] = "skill.finished"
    skill: str
    ms: float
    ok: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerText(Event):
    """The answer as shown; `final` is False while it still grows."""

    name: ClassVar[str] = "answer.text"
    text: str
    final: bool = True


# ------------------------------------------------------------------ speaking


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingStarted(Event):
    """The first sample of an answer is at the speaker, at `first_sample_at` seconds since the start."""

    name: ClassVar[str] = "speaking.started"
    text: str
    first_sample_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingFinished(Event):
    """Speaking is over; `heard` is what was really played, `interrupted_by` None, wake, stop, speech or user."""

    name: ClassVar[str] = "speaking.finished"
    heard: str
    interrupted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFinished(Event):
    """The last event of a turn, exactly once.

    `outcome`: answered, asked, nothing_said, false_wake, unclaimed, failed or interrupted; `ms`: step to
    milliseconds, with `voice_to_voice` from the end of speech to the first audible sample.
    """

    name: ClassVar[str] = "turn.finished"
    outcome: str
    ms: Mapping[str, float] = field(default_factory=dict[str, float])


# ------------------------------------------------------- outside of any turn


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRang(Event):
    """A timer is due and rings; named "timer.rang". `timer_name` prints as `name`, `due` is ISO 8601 in UTC."""

    name: ClassVar[str] = "timer.rang"
    timer_name: str
    due: str
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """See Event.as_dict; the timer's name prints as `name`."""
        return _timer_dict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStopped(Event):
    """A ringing timer was stopped; fields as in TimerRang."""

    name: ClassVar[str] = "timer.stopped"
    timer_name: str
    due: str
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """See Event.as_dict; the timer's name prints as `name`."""
        return _timer_dict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerMissed(Event):
    """A timer was due while Vesper was not running; told once. Fields as in TimerRang."""

    name: ClassVar[str] = "timer.missed"
    timer_name: str
    due: str
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """See Event.as_dict; the timer's name prints as `name`."""
        return _timer_dict(self)


def _timer_dict(event: TimerRang | TimerStopped | TimerMissed) -> dict[str, Any]:
    return {
        "event": event.name,
        "at": event.at,
        "turn": event.turn,
        "name": event.timer_name,
        "due": event.due,
        "id": event.id,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TimersChanged(Event):
    """The set of running timers changed: tuples of plain values for the window, see scheduling.keeper."""

    name: ClassVar[str] = "timers.changed"
    timers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLostEvent(Event):
    """A device went away; `kind` is input or output."""

    name: ClassVar[str] = "device.lost"
    device: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceBack(Event):
    """A device can be used again; `kind` is input or output."""

    name: ClassVar[str] = "device.back"
    device: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRestarted(Event):
    """An engine crashed or hung and was started again."""

    name: ClassVar[str] = "engine.restarted"
    engine: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnwantedWakes(Event):
    """Woken without a command: how often in the last hour and usually, in words; `hint` is advice where it grows."""

    name: ClassVar[str] = "wake.unwanted"
    last_hour: int
    usual: float
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged(Event):
    """A setting has a new value (secrets are never shown)."""

    name: ClassVar[str] = "setting.changed"
    setting: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Event):
    """Something went wrong that the user should know: the fields of a VesperError."""

    name: ClassVar[str] = "problem"
    code: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowWanted(Event):
    """Someone asks for the window: a second start of Vesper, or the system."""

    name: ClassVar[str] = "window.wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuitWanted(Event):
    """Someone asks Vesper to end (`vesper --quit`); whoever runs it shuts it down."""

    name: ClassVar[str] = "quit.wanted"
