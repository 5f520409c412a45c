"""What a sentence can mean: intents, their slots, and a match of one.

Names and slot forms are fixed outside (interfaces.md section 4): durations ISO 8601, times HH:MM, numbers JSON numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

SlotValue = str | int | float

ANSWERS = "answers"
"""What stands in the place of an intent for the answers to Vesper's own questions, which are no request alone."""


class Risk(Enum):
    """What carrying out an intent may change."""

    READ = "read"
    UNDOABLE = "undoable"
    FINAL = "final"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class IntentSpec:
    """An intent a skill declares: its slots, risk, whether it goes before others and needs the network.

    `priority`: higher is carried out and matched first (alarms and stop before all else).
    """

    name: str
    slots: tuple[str, ...] = ()
    risk: Risk = Risk.READ
    priority: int = 0
    needs_network: bool = False


@dataclass(frozen=True, slots=True)
class IntentMatch:
    """One intent found in a sentence. `score` in [0, 1]; `text` is the part of the sentence it came from."""

    intent: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict[str, SlotValue])
    score: float = 1.0
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The form of `ask --json` and of `intent.understood`."""
        return {"intent": self.intent, "slots": dict(self.slots), "score": round(self.score, 3)}


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the recogniser made of a sentence: the matches in order, or none and the losing candidates."""

    matches: tuple[IntentMatch, ...] = ()
    losers: tuple[IntentMatch, ...] = ()
