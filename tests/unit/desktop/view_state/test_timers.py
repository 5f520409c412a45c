"""Timers on show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesper.base import events
from vesper_desktop.view_state.timers import TimerRow, TimersState, countdown, outlives_the_day, reduce

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def state_of(*timers: dict[str, object]) -> TimersState:
    return reduce(TimersState(), events.TimersChanged(timers=timers))


def running(seconds: float, id: str = "a") -> dict[str, object]:
    return {"id": id, "name": "Tea", "state": "running", "due": (NOW + timedelta(seconds=seconds)).isoformat()}


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (300, "5:00"),
        (299.2, "5:00"),
        (59, "0:59"),
        (0.1, "0:01"),
        (0, "0:00"),
        (-3, "0:00"),
        (3_723, "1:02:03"),
        (90_000, "25:00:00"),
    ],
)
def test_a_countdown_is_read_like_a_clock(seconds: float, shown: str) -> None:
    assert countdown(state_of(running(seconds)).rows[0], NOW) == shown


def test_a_paused_timer_stands_still() -> None:
    row = state_of({"id": "a", "state": "paused", "due": None, "remaining_s": 90.0}).rows[0]
    assert countdown(row, NOW) == countdown(row, NOW + timedelta(hours=1)) == "1:30"


def test_what_rings_comes_first_then_what_is_due_next_then_what_stands_still() -> None:
    state = state_of(
        {"id": "still", "state": "paused", "remaining_s": 5.0},
        running(60, "later"),
        running(30, "next"),
        {**running(-1, "rings"), "state": "ringing"},
    )
    assert [row.id for row in state.rows] == ["rings", "next", "later", "still"]
    assert [row.id for row in state.ringing] == ["rings"]


def test_ringing_and_stopping_follow_their_events() -> None:
    state = state_of(running(1), running(60, "b"))
    rang = reduce(state, events.TimerRang(timer_name="Tea", due="", id="a"))
    assert [row.id for row in rang.ringing] == ["a"]
    stopped = reduce(rang, events.TimerStopped(timer_name="Tea", due="", id="a"))
    assert [row.id for row in stopped.rows] == ["b"]


def test_only_what_runs_needs_a_second_hand() -> None:
    assert state_of(running(5)).is_counting
    assert not state_of({"id": "a", "state": "paused", "remaining_s": 5.0}).is_counting
    assert not TimersState().is_counting


def test_a_day_ends_at_the_users_midnight() -> None:
    east = timezone(timedelta(hours=14))  # 23:00 there
    assert not outlives_the_day(state_of(running(50 * 60)), NOW, east)
    assert outlives_the_day(state_of(running(61 * 60)), NOW, east)
    assert not outlives_the_day(state_of(running(61 * 60)), NOW, UTC)


@given(st.floats(min_value=0, max_value=1e6))
def test_a_countdown_never_shows_less_than_is_left(seconds: float) -> None:
    row = TimerRow("a", "", "paused", NOW, seconds)
    parts = [int(part) for part in countdown(row, NOW).split(":")]
    shown = sum(part * 60**place for place, part in enumerate(reversed(parts)))
    assert 0 <= shown - seconds <= 1
