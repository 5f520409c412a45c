"""Pacing: fast events at most thirty a second, none out of order, the newest never lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vesper.base.events import AnswerText, Event, LevelChanged, SpeechPartial, SpeechStarted, TurnFinished
from vesper_desktop.view_state.pacing import INTERVAL_S, EventPacing, is_fast


def test_the_first_of_a_kind_goes_at_once_and_the_next_waits() -> None:
    pacing = EventPacing()
    assert pacing.offer(LevelChanged(dbfs=-30), 0.0) == (LevelChanged(dbfs=-30),)
    assert pacing.offer(LevelChanged(dbfs=-20), 0.01) == ()
    assert pacing.offer(LevelChanged(dbfs=-10), 0.02) == ()
    assert pacing.wait_s == INTERVAL_S
    assert pacing.due(0.04) == (LevelChanged(dbfs=-10),)
    assert pacing.wait_s is None


def test_an_event_that_matters_is_never_late_and_never_overtakes() -> None:
    pacing = EventPacing()
    pacing.offer(SpeechPartial(text="a"), 0.0)
    pacing.offer(SpeechPartial(text="a b"), 0.01)
    assert pacing.offer(SpeechStarted(), 0.011) == (SpeechPartial(text="a b"), SpeechStarted())


def test_only_growing_answers_are_fast() -> None:
    assert is_fast(AnswerText(text="a", final=False))
    assert not is_fast(AnswerText(text="a"))


EVENTS = st.sampled_from(
    [LevelChanged(dbfs=-1), SpeechPartial(text="a"), SpeechStarted(), TurnFinished(outcome="answered")]
)


@given(st.lists(st.tuples(EVENTS, st.floats(0, 0.1)), max_size=60))
def test_whatever_comes_slow_events_all_go_in_order_and_the_last_fast_one_too(
    script: list[tuple[Event, float]],
) -> None:
    pacing, now, told = EventPacing(), 0.0, []
    for event, pause in script:
        now += pause
        told += pacing.offer(event, now)
    told += pacing.due(now + 1)
    assert [e for e in told if not is_fast(e)] == [e for e, _ in script if not is_fast(e)]
    assert {e for e in told if is_fast(e)} == {e for e, _ in script if is_fast(e)}
