"""The conversation as the main window shows it: `reduce(state, event)` makes the next state.

The orb's state is derived, never stored: what Vesper does just now comes first, then what is wrong, then
whether the microphone is open. "Muted" and "armed" follow the events of the device, not the button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from vesper.base import events
from vesper_desktop.view_state.orb import OrbState, loudness

MOST_MESSAGES = 500

Phase = Literal["idle", "hearing", "thinking", "speaking"]
MicrophoneState = Literal["asleep", "armed", "muted", "lost"]


@dataclass(frozen=True, slots=True)
class Message:
    """One bubble. `who`: you or vesper; `is_final` is False while the text still changes."""

    who: Literal["you", "vesper"]
    text: str
    is_final: bool = True
    turn: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem on show, until it is over or put away."""

    code: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """All that the main window shows of the conversation. `level` is 0 to 1."""

    phase: Phase = "idle"
    microphone: MicrophoneState = "asleep"
    phrases: tuple[str, ...] = ()
    level: float = 0.0
    messages: tuple[Message, ...] = ()
    trouble: Trouble | None = None
    is_ready: bool = False

    @property
    def orb(self) -> OrbState:
        """What the orb shows."""
        if self.phase != "idle":
            return OrbState(self.phase)
        if self.trouble is not None or self.microphone == "lost":
            return OrbState.PROBLEM
        return {"asleep": OrbState.ASLEEP, "armed": OrbState.ARMED, "muted": OrbState.MUTED}[self.microphone]

    @property
    def is_busy(self) -> bool:
        """Whether there is something that "stop" would end."""
        return self.phase != "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(events.Event):
    """The user sent a typed sentence; told by the window, so that it shows at once."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAnswered(events.Event):
    """The call for a typed sentence has come back, or failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPressed(events.Event):
    """The user asked Vesper to listen now; shown before the microphone's first sample comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreReady(events.Event):
    """The assistant has started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TroublePutAway(events.Event):
    """The user has closed the notice of a problem."""


def reduce(state: ConversationState, event: events.Event) -> ConversationState:
    """The state after `event`; the very same object when the event changes nothing here."""
    step = _STEPS.get(type(event))
    return state if step is None else step(state, event)


def _armed(state: ConversationState, event: events.ListeningArmed) -> ConversationState:
    return replace(state, microphone="armed", phrases=event.phrases, trouble=_without_microphone_trouble(state))


def _muted(state: ConversationState, _: events.Event) -> ConversationState:
    phase: Phase = "idle" if state.phase == "hearing" else state.phase
    return replace(state, microphone="muted", level=0.0, phase=phase, trouble=_without_microphone_trouble(state))


def _level(state: ConversationState, event: events.LevelChanged) -> ConversationState:
    return replace(state, level=loudness(event.dbfs))


def _hearing(state: ConversationState, _: events.Event) -> ConversationState:
    return replace(state, phase="hearing")


def _partial(state: ConversationState, event: events.SpeechPartial) -> ConversationState:
    growing = Message("you", event.text, is_final=False, turn=event.turn)
    return replace(state, phase="hearing", messages=_grown(state.messages, growing))


def _speech_ended(state: ConversationState, event: events.SpeechEnded) -> ConversationState:
    nothing = event.reason in {"nothing", "stopped", "device"}
    return replace(state, phase="idle" if nothing else "thinking")


def _recognised(state: ConversationState, event: events.SpeechRecognised) -> ConversationState:
    if not event.text:
        return replace(state, messages=_without_growing(state.messages))
    said = Message("you", event.text, turn=event.turn)
    return replace(state, phase="thinking", messages=_grown(state.messages, said))


def _typed(state: ConversationState, event: Typed) -> ConversationState:
    return replace(state, phase="thinking", messages=_added(state.messages, Message("you", event.text)))


def _typed_answered(state: ConversationState, _: TypedAnswered) -> ConversationState:
    # The turn's own events may still be on their way (speaking); only a lonely "thinking" is ended here.
    return replace(state, phase="idle") if state.phase == "thinking" else state


def _thinking(state: ConversationState, _: events.Event) -> ConversationState:
    # A skill at work while idle was asked elsewhere (`vesper ask`): nobody here waits, and nothing would end it.
    return replace(state, phase="thinking") if state.phase == "hearing" else state


def _answer(state: ConversationState, event: events.AnswerText) -> ConversationState:
    if not event.text:
        return state
    answer = Message("vesper", event.text, is_final=event.final, turn=event.turn)
    return replace(state, messages=_grown(state.messages, answer))


def _speaking(state: ConversationState, _: events.Event) -> ConversationState:
    return replace(state, phase="speaking")


def _idle(state: ConversationState, _: events.Event) -> ConversationState:
    return replace(state, phase="idle")


def _turn_finished(state: ConversationState, event: events.TurnFinished) -> ConversationState:
    return replace(state, phase="idle", messages=_settled(state.messages, event.turn))


def _problem(state: ConversationState, event: events.Problem) -> ConversationState:
    # A failed "listen now" has no turn that would end the hearing it has announced.
    phase: Phase = "idle" if event.turn is None and state.phase == "hearing" else state.phase
    return replace(state, phase=phase, trouble=Trouble(event.code, event.sentence, event.hint))


def _device_lost(state: ConversationState, event: events.DeviceLostEvent) -> ConversationState:
    if event.kind != "input":
        return state
    phase: Phase = "idle" if state.phase == "hearing" else state.phase
    return replace(state, microphone="lost", level=0.0, phase=phase)


def _device_back(state: ConversationState, event: events.DeviceBack) -> ConversationState:
    if event.kind != "input" or state.microphone != "lost":
        return state
    return replace(state, microphone="asleep", trouble=_without_microphone_trouble(state))


def _ready(state: ConversationState, _: events.Event) -> ConversationState:
    return replace(state, is_ready=True)


def _put_away(state: ConversationState, _: events.Event) -> ConversationState:
    return replace(state, trouble=None)


def _without_microphone_trouble(state: ConversationState) -> Trouble | None:
    trouble = state.trouble
    return None if trouble is not None and trouble.code.startswith(("microphone.", "device.")) else trouble


def _grown(messages: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    """`message` in the place of the growing one it continues, else at the end."""
    for index in range(len(messages) - 1, max(-1, len(messages) - 4), -1):
        old = messages[index]
        if not old.is_final and old.who == message.who and old.turn == message.turn:
            return (*messages[:index], message, *messages[index + 1 :])
    return _added(messages, message)


def _added(messages: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    return (*messages, message)[-MOST_MESSAGES:]


def _without_growing(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    return tuple(m for m in messages if m.is_final or m.who != "you")


def _settled(messages: tuple[Message, ...], turn: str | None) -> tuple[Message, ...]:
    """Nothing of a finished turn grows any more: what Vesper said stays, what it only half heard goes."""
    kept = (m for m in messages if m.is_final or m.who != "you" or m.turn != turn)
    return tuple(replace(m, is_final=True) if m.turn == turn and not m.is_final else m for m in kept)


_STEPS: dict[type[events.Event], Callable[[ConversationState, Any], ConversationState]] = {
    events.ListeningArmed: _armed,
    events.ListeningMuted: _muted,
    events.LevelChanged: _level,
    events.WakeHeard: _hearing,
    TalkPressed: _hearing,
    events.SpeechStarted: _hearing,
    events.SpeechPartial: _partial,
    events.SpeechEnded: _speech_ended,
    events.SpeechRecognised: _recognised,
    Typed: _typed,
    TypedAnswered: _typed_answered,
    events.SkillStarted: _thinking,
    events.AnswerText: _answer,
    events.SpeakingStarted: _speaking,
    events.SpeakingFinished: _idle,
    events.TurnFinished: _turn_finished,
    events.Problem: _problem,
    events.DeviceLostEvent: _device_lost,
    events.DeviceBack: _device_back,
    CoreReady: _ready,
    TroublePutAway: _put_away,
}
