"""A candidate: one phrase's score from where it rises until it falls. Pure: scores in, a hit or a near miss out.

What is asked of it (`Demand`) may change while it rises: less in noise and soon after a near miss, because whoever was
not heard says it again at once; more in the middle of a sentence. The second look is taken when the phrase is over,
and once more a moment later: a slow speaker's last sound may still be missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vesper.engines.wake_microwakeword.phrases import NEVER, Thresholds
from vesper.ports.audio import SAMPLE_RATE
from vesper.ports.wake import WakeHit

LOOK_AFTER_SAMPLES = round(0.12 * SAMPLE_RATE)
LOOK_AGAIN_SAMPLES = round(0.18 * SAMPLE_RATE)
_MOST_LOOKS = 2
_NEAR_SHARE = 0.5
_LOWERED_AFTER_NEAR_MISS, _LOWERED_IN_NOISE = 0.75, 0.6
# In noise the phones fit worse than the wake model's score, and other words score less.
_SURE_IN_NOISE = 0.85
# Whoever says it twice, and so clearly, means it: an accent that the phones do not fit must not shut anybody out.
_SURE_SAID_AGAIN = 0.99
_SENTENCE_MAYBE, _SENTENCE_SURE = 0.6, 0.95


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a score now: `maybe` is looked at a second time, `sure` is the phrase."""

    maybe: float
    sure: float
    in_sentence: bool = False

    @property
    def near(self) -> float:
        """Above this a score is worth following, and a near miss when nothing came of it."""
        return _NEAR_SHARE * min(self.maybe, self.sure)

    @property
    def mark(self) -> float:
        """The score from which on the phrase may be heard."""
        return min(self.maybe, self.sure)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the moment: noise, a near miss seconds ago, somebody in the middle of a sentence."""

    is_noisy: bool = False
    after_near_miss: bool = False
    in_sentence: bool = False


def demand_of(thresholds: Thresholds, *, looks: bool, circumstances: Circumstances) -> Demand:
    """What is asked under these circumstances; `looks` is whether a second look can be taken."""
    demand = Demand(thresholds.maybe, thresholds.sure) if looks else Demand(NEVER, thresholds.alone)
    if circumstances.in_sentence:
        return Demand(max(demand.maybe, _SENTENCE_MAYBE), max(demand.sure, _SENTENCE_SURE), in_sentence=True)
    if not (looks and thresholds.lowers):  # only what is looked at a second time is asked less of
        return demand
    if circumstances.is_noisy:
        return Demand(demand.maybe * _LOWERED_IN_NOISE, min(demand.sure, _SURE_IN_NOISE))
    if circumstances.after_near_miss:
        return Demand(demand.maybe * _LOWERED_AFTER_NEAR_MISS, min(demand.sure, _SURE_SAID_AGAIN))
    return demand


class Candidate:
    """Follows one phrase. `lag_samples` is how far the average lags behind the phrase's end."""

    def __init__(self, phrase: str, lag_samples: int) -> None:
        self.phrase = phrase
        self._lag_samples = lag_samples
        self.forget()

    def forget(self) -> None:
        """Begin anew (after a hit, or a gap in the sound)."""
        self._peak = 0.0
        self._peak_sample = 0
        self._rose_at: int | None = None
        self._look_at = 0
        self._looks = 0

    def step(self, score: float, now: int, demand: Demand, *, fits: Callable[[], bool] | None) -> WakeHit | None:
        """The next score. `fits` takes the second look (None: nothing can)."""
        if score > self._peak and score >= demand.near:
            self._peak, self._peak_sample = score, now
        if self._rose_at is None and score >= demand.mark:
            self._rose_at, self._look_at = now, now + LOOK_AFTER_SAMPLES
        if score > demand.sure:
            return self._accepted(now)
        is_over = score < demand.near
        if self._wants_look(now, is_over=is_over) and fits is not None:
            self._looks += 1
            self._look_at = now + LOOK_AGAIN_SAMPLES
            if fits():
                return self._accepted(now)
        return self._rejected(demand) if is_over and self._peak and not self._wants_more_looks() else None

    def _wants_look(self, now: int, *, is_over: bool) -> bool:
        return self._wants_more_looks() and (now >= self._look_at or (is_over and not self._looks))

    def _wants_more_looks(self) -> bool:
        return self._rose_at is not None and self._looks < _MOST_LOOKS

    def _accepted(self, now: int) -> WakeHit:
        ended = max(0, (self._rose_at if self._rose_at is not None else now) - self._lag_samples)
        hit = WakeHit(self.phrase, round(self._peak, 3), ended, is_accepted=True)
        self.forget()
        return hit

    def _rejected(self, demand: Demand) -> WakeHit:
        why = "second_look" if self._looks else "mid_sentence" if demand.in_sentence else "below_threshold"
        ended = max(0, self._peak_sample - self._lag_samples)
        needed = 0.0 if self._looks else demand.mark  # a second look has no score that would have been enough
        hit = WakeHit(self.phrase, round(self._peak, 3), ended, is_accepted=False, why=why, threshold=needed)
        self.forget()
        return hit
