"""Who may interrupt whom: a pure table, read by the audio thread and by the voice loop alike.

A *signal* is something that asks for Vesper's attention, a *phase* what Vesper is doing. The effect says what
becomes of the sound that is being played and whether a new turn opens. An action once begun is never cut:
interrupting ends listening, telling and ringing, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """What Vesper is doing."""

    ARMED = "armed"
    HEARING = "hearing"
    THINKING = "thinking"
    SPEAKING = "speaking"


class Signal(Enum):
    """What may interrupt it."""

    WAKE = "wake"
    TALK = "user"
    STOP_PHRASE = "stop"
    STOP_KEY = "key"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a signal does: `cuts_sound` silences what is being said or rung, `opens_turn` begins a new turn,
    `ends_hearing` gives up what is being heard."""

    cuts_sound: bool = False
    opens_turn: bool = False
    ends_hearing: bool = False


_IGNORE = Effect()
_OPEN = Effect(cuts_sound=True, opens_turn=True)
_RESTART = Effect(cuts_sound=True, opens_turn=True, ends_hearing=True)
_SILENCE = Effect(cuts_sound=True)
_GIVE_UP = Effect(cuts_sound=True, ends_hearing=True)

TABLE: dict[tuple[Signal, Phase], Effect] = {
    # The wake phrase always opens a turn; said again while Vesper hears, it begins the sentence anew.
    (Signal.WAKE, Phase.ARMED): _OPEN,
    (Signal.WAKE, Phase.HEARING): _RESTART,
    (Signal.WAKE, Phase.THINKING): _OPEN,
    (Signal.WAKE, Phase.SPEAKING): _OPEN,
    # So does the button; pressed while Vesper already hears, it changes nothing.
    (Signal.TALK, Phase.ARMED): _OPEN,
    (Signal.TALK, Phase.HEARING): _IGNORE,
    (Signal.TALK, Phase.THINKING): _OPEN,
    (Signal.TALK, Phase.SPEAKING): _OPEN,
    # The stop phrase silences; while Vesper hears, the word belongs to the sentence.
    (Signal.STOP_PHRASE, Phase.ARMED): _SILENCE,
    (Signal.STOP_PHRASE, Phase.HEARING): _IGNORE,
    (Signal.STOP_PHRASE, Phase.THINKING): _SILENCE,
    (Signal.STOP_PHRASE, Phase.SPEAKING): _SILENCE,
    # A short answer to what rings is the next turn; it is listened for only while nothing else goes on.
    (Signal.ANSWER, Phase.ARMED): _OPEN,
    (Signal.ANSWER, Phase.HEARING): _IGNORE,
    (Signal.ANSWER, Phase.THINKING): _IGNORE,
    (Signal.ANSWER, Phase.SPEAKING): _IGNORE,
    # The stop key and Esc end whatever can be ended.
    (Signal.STOP_KEY, Phase.ARMED): _SILENCE,
    (Signal.STOP_KEY, Phase.HEARING): _GIVE_UP,
    (Signal.STOP_KEY, Phase.THINKING): _SILENCE,
    (Signal.STOP_KEY, Phase.SPEAKING): _SILENCE,
}


def effect_of(signal: Signal, phase: Phase) -> Effect:
    """What `signal` does while Vesper is in `phase`."""
    return TABLE[signal, phase]
