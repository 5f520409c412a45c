"""The first-run check as a value: three steps, each passed by something that really happened.

1 microphone: sound arrives · 2 phrase: Vesper woke and understood a sentence · 3 reply: an answer was played.
Every step can be gone past by hand; what was seen is told, nothing is demanded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from vesper.base import events
from vesper_desktop.view_state.orb import loudness

Step = Literal["microphone", "phrase", "reply"]
STEPS: tuple[Step, ...] = ("microphone", "phrase", "reply")
AUDIBLE = 0.25
AUDIBLE_TIMES = 3


@dataclass(frozen=True, slots=True)
class FirstRunState:
    """How far the check is. `level` 0 to 1; `loud_times` counts levels above the still room."""

    step: Step = "microphone"
    level: float = 0.0
    loud_times: int = 0
    has_woken: bool = False
    heard: str = ""
    answer: str = ""
    was_spoken: bool = False
    trouble: str = ""

    @property
    def has_passed(self) -> bool:
        """Whether the present step has been seen to work."""
        if self.step == "microphone":
            return self.loud_times >= AUDIBLE_TIMES
        if self.step == "phrase":
            return self.has_woken and bool(self.heard)
        return self.was_spoken


def reduce(state: FirstRunState, event: events.Event) -> FirstRunState:
    """The state after `event`; the very same object when nothing changes here."""
    changes = _changes(state, event)
    return replace(state, **changes) if changes else state


def _changes(state: FirstRunState, event: events.Event) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match event:
        case events.LevelChanged(dbfs=dbfs):
            level = loudness(dbfs)
            changes = {"level": level, "loud_times": state.loud_times + (level >= AUDIBLE)}
        case events.WakeHeard() if state.step == "phrase":
            changes = {"has_woken": True, "trouble": ""}
        case events.SpeechRecognised(text=text) if state.step == "phrase" and text:
            changes = {"heard": text}
        case events.AnswerText(text=text) if text:
            changes = {"answer": text}
        case events.SpeakingFinished(heard=heard) if heard:
            changes = {"was_spoken": True}
        case events.Problem(sentence=sentence):
            changes = {"trouble": sentence}
        case events.ListeningArmed():
            changes = {"trouble": ""}
        case _:
            pass
    return changes


def moved(state: FirstRunState, by: int) -> FirstRunState | None:
    """The state one step on (`by` 1) or back (-1); None past the last step: the check is over."""
    index = max(0, STEPS.index(state.step) + by)
    if index >= len(STEPS):
        return None
    return replace(state, step=STEPS[index], trouble="")
