"""What is known of each built-in phrase: its model, and how much is asked of a score before it is believed.

Two thresholds for each sensitivity. A score above `sure` is the phrase. One above `maybe` is looked at a second time
by its phones, and is the phrase if they fit. Where nothing can look a second time, `alone` decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vesper.ports.wake import Sensitivity

NEVER = 2.0
"""A score that is never reached: everything is looked at a second time."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Average probabilities: `maybe` and `sure` with a second look, `alone` without.

    `lowers`: whether less may be asked in noise and after a near miss; strict is strict.
    """

    maybe: float
    sure: float
    alone: float
    lowers: bool = True


@dataclass(frozen=True, slots=True)
class PhraseModel:
    """A built-in phrase. `lag_samples`: how long after the phrase's end the average passes `maybe`
    (or before it, negative), median over espeak-ng voices; single utterances lie 150 ms to either side."""

    file: str
    thresholds: Mapping[Sensitivity, Thresholds]
    lag_samples: int


# Measured on 34 minutes of other speech and on the recordings of docs/figures.md; `alone` as before the second look.
PHRASES: dict[str, PhraseModel] = {
    "okay nabu": PhraseModel(
        "okay_nabu",
        {
            "strict": Thresholds(0.6, NEVER, 0.9, lowers=False),
            "normal": Thresholds(0.33, NEVER, 0.7),
            "keen": Thresholds(0.15, NEVER, 0.5),
        },
        -800,
    ),
    "hey jarvis": PhraseModel(
        "hey_jarvis",
        {
            "strict": Thresholds(0.9, NEVER, 0.97, lowers=False),
            "normal": Thresholds(0.5, NEVER, 0.9),
            "keen": Thresholds(0.3, 0.9, 0.5),
        },
        1900,
    ),
    "hey mycroft": PhraseModel(
        "hey_mycroft",
        {
            "strict": Thresholds(0.9, NEVER, 0.97, lowers=False),
            "normal": Thresholds(0.5, 0.97, 0.9),
            "keen": Thresholds(0.3, 0.9, 0.8),
        },
        -500,
    ),
    "alexa": PhraseModel(
        "alexa",
        {
            "strict": Thresholds(0.5, 0.8, 0.9, lowers=False),
            "normal": Thresholds(0.25, 0.6, 0.6),
            "keen": Thresholds(0.15, 0.4, 0.4),
        },
        2000,
    ),
}
