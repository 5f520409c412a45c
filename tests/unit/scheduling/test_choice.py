"""Which timers are meant by what was said of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vesper.scheduling import schedule
from vesper.scheduling.choice import Choice
from vesper.scheduling.schedule import Moment, Timer

NOW = Moment(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), 0.0, "boot")


def _timer(letter: str, name: str, minutes: int) -> Timer:
    return schedule.new_timer(letter * 32, name, timedelta(minutes=minutes), moment=NOW)


TIMERS = [_timer("a", "pasta sauce", 10), _timer("b", "tea", 5), _timer("c", "", 10)]
LABELS = ["pasta sauce", "tea", "10 minutes"]


def meant(choice: Choice) -> str:
    return "".join(timer.id[0] for timer in choice.among(TIMERS, LABELS))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), "abc"),
        (Choice(name="tea"), "b"),
        (Choice(name="Tea"), "b"),
        (Choice(name="pasta"), "a"),
        (Choice(name="10 minutes"), "c"),
        (Choice(name="coffee"), ""),
        (Choice(duration=timedelta(minutes=10)), "ac"),
        (Choice(duration=timedelta(minutes=10), which="last"), "c"),
        (Choice(which="first"), "a"),
        (Choice(which="second"), "b"),
        (Choice(which="last"), "c"),
        (Choice(which="fourth"), ""),
        (Choice(which="all"), "abc"),
    ],
)
def test_a_name_a_length_or_a_place_tells_timers_apart(choice: Choice, expected: str):
    assert meant(choice) == expected


def test_a_ringing_timer_is_meant_before_the_others_unless_something_else_was_said():
    timers = [TIMERS[0], schedule.ringing(TIMERS[1]), TIMERS[2]]
    assert [t.id[0] for t in Choice().among_ringing_first(timers, LABELS)] == ["b"]
    assert [t.id[0] for t in Choice(name="pasta sauce").among_ringing_first(timers, LABELS)] == ["a"]
    assert [t.id[0] for t in Choice(which="all").among_ringing_first(timers, LABELS)] == ["a", "b", "c"]
