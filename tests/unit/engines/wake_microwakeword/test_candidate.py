"""What becomes of a rise of the score: a hit, a second look, a near miss."""

from __future__ import annotations

import pytest

from vesper.engines.wake_microwakeword.candidate import (
    LOOK_AFTER_SAMPLES,
    Candidate,
    Circumstances,
    Demand,
    demand_of,
)
from vesper.engines.wake_microwakeword.phrases import NEVER, PHRASES, Thresholds

STEP = 480
DEMAND = Demand(maybe=0.4, sure=0.9)


class Look:
    """A second look that answers in turn."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.taken = 0

    def __call__(self) -> bool:
        self.taken += 1
        return self.answers.pop(0) if self.answers else False


def follow(scores, look, demand=DEMAND, lag_samples=0):
    candidate = Candidate("alexa", lag_samples)
    hits = []
    for number, score in enumerate(scores, start=1):
        if (hit := candidate.step(score, number * STEP, demand, fits=look)) is not None:
            hits.append((number, hit))
    return hits


def test_a_sure_score_is_the_phrase_at_once():
    look = Look()
    ((number, hit),) = follow([0.1, 0.95], look)
    assert (number, hit.is_accepted, hit.score, look.taken) == (2, True, 0.95, 0)


def test_a_doubtful_score_is_looked_at_when_the_phrase_is_over():
    look = Look(True)
    ((number, hit),) = follow([0.1] + [0.5] * 5, look)
    assert hit.is_accepted
    assert number == 2 + LOOK_AFTER_SAMPLES // STEP
    assert look.taken == 1


def test_a_slow_speaker_gets_another_look():
    look = Look(False, True)
    assert [hit.is_accepted for _, hit in follow([0.5] * 12, look)] == [True]
    assert look.taken == 2


def test_what_does_not_fit_twice_is_a_near_miss_and_looked_at_no_more():
    look = Look()
    ((number, hit),) = follow([0.5, 0.6, *[0.5] * 30, 0.1], look)
    assert (hit.is_accepted, hit.score, hit.why) == (False, 0.6, "second_look")
    assert (number, look.taken) == (33, 2)


def test_a_short_rise_is_looked_at_when_it_falls():
    look = Look(True)
    assert [hit.is_accepted for _, hit in follow([0.5, 0.1], look)] == [True]


def test_below_the_mark_nothing_is_looked_at():
    look = Look(True)
    ((_, hit),) = follow([0.3, 0.35, 0.1], look)
    assert (hit.is_accepted, hit.score, hit.why, look.taken) == (False, 0.35, "below_threshold", 0)


def test_far_below_it_nothing_is_told():
    assert follow([0.1, 0.15, 0.0], Look(True)) == []


def test_without_a_second_look_the_score_decides_alone():
    demand = demand_of(Thresholds(0.2, NEVER, 0.7), looks=False, circumstances=Circumstances())
    assert [hit.is_accepted for _, hit in follow([0.3, 0.75], None, demand)] == [True]
    assert [hit.is_accepted for _, hit in follow([0.4, 0.65, 0.1], None, demand)] == [False]


def test_the_phrase_ended_where_the_score_rose():
    ((_, hit),) = follow([0.5] * 8, Look(True), lag_samples=100)
    assert hit.ended_at_sample == STEP - 100


@pytest.mark.parametrize("phrase", PHRASES)
def test_less_is_asked_in_noise_and_after_a_near_miss_and_more_in_a_sentence(phrase):
    thresholds = PHRASES[phrase].thresholds["normal"]

    def asked(**circumstances: bool) -> Demand:
        return demand_of(thresholds, looks=True, circumstances=Circumstances(**circumstances))

    quiet = asked()
    assert asked(is_noisy=True).maybe < quiet.maybe
    assert asked(is_noisy=True).sure < NEVER
    assert asked(after_near_miss=True).maybe < quiet.maybe
    assert asked(after_near_miss=True).sure < NEVER  # twice and clearly: it was meant
    sentence = asked(in_sentence=True, after_near_miss=True, is_noisy=True)
    assert sentence.maybe > quiet.maybe
    assert sentence.sure >= 0.95


def test_what_nothing_can_look_at_again_is_asked_no_less_of():
    thresholds = PHRASES["alexa"].thresholds["normal"]
    lowered = demand_of(thresholds, looks=False, circumstances=Circumstances(is_noisy=True, after_near_miss=True))
    assert lowered.mark == thresholds.alone


def test_a_rise_in_a_sentence_says_so():
    demand = demand_of(PHRASES["alexa"].thresholds["normal"], looks=True, circumstances=Circumstances(in_sentence=True))
    ((_, hit),) = follow([0.5, 0.55, 0.1], Look(True), demand)
    assert (hit.is_accepted, hit.why) == (False, "mid_sentence")


@pytest.mark.parametrize("phrase", PHRASES)
def test_keen_asks_less_than_normal_and_strict_more(phrase):
    by_level = PHRASES[phrase].thresholds
    for one, other in (("keen", "normal"), ("normal", "strict")):
        assert by_level[one].maybe < by_level[other].maybe
        assert by_level[one].sure <= by_level[other].sure
        assert by_level[one].alone < by_level[other].alone


@pytest.mark.parametrize("phrase", PHRASES)
def test_strict_is_strict_in_noise_and_after_a_near_miss(phrase):
    thresholds = PHRASES[phrase].thresholds["strict"]
    lowered = demand_of(thresholds, looks=True, circumstances=Circumstances(is_noisy=True, after_near_miss=True))
    assert lowered == Demand(thresholds.maybe, thresholds.sure)
