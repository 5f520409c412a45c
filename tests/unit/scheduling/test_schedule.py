"""Timers as values: two anchors, one truth about the time left, and what is to be done when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vesper.base.errors import BadInput
from vesper.scheduling import schedule
from vesper.scheduling.schedule import LATE, LONGEST, RINGS_FOR, Moment, Timer

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def moment(elapsed_s: float = 0, *, wall_off_s: float = 0, boot: str = "this boot") -> Moment:
    """So many seconds after nine o'clock; `wall_off_s` is how far the wall clock was set away from the truth."""
    return Moment(NINE + timedelta(seconds=elapsed_s + wall_off_s), 1000 + elapsed_s, boot)


def a_timer(duration: timedelta = FIVE_MINUTES) -> Timer:
    return schedule.new_timer("a" * 32, "tea", duration, moment=moment())


def kinds(timers: list[Timer], at: Moment) -> list[str]:
    return [step.kind for step in schedule.steps(timers, at)]


def test_a_new_timer_runs_and_is_due_after_its_duration():
    timer = a_timer()
    assert (timer.state, timer.due, timer.left) == ("running", NINE + FIVE_MINUTES, None)
    assert schedule.remaining(timer, moment(60)) == timedelta(minutes=4)


@pytest.mark.parametrize("duration", [timedelta(0), -SECOND, LONGEST + SECOND])
def test_a_duration_that_makes_no_sense_is_refused(duration: timedelta):
    with pytest.raises(BadInput):
        a_timer(duration)


def test_the_time_left_is_never_below_zero():
    assert schedule.remaining(a_timer(), moment(301)) == timedelta(0)


def test_a_paused_timer_keeps_its_time_however_long_it_waits():
    paused = schedule.paused(a_timer(), moment(100))
    assert schedule.remaining(paused, moment(9999)) == timedelta(seconds=200)
    resumed = schedule.resumed(paused, moment(9999))
    assert schedule.remaining(resumed, moment(10000)) == timedelta(seconds=199)


def test_pausing_twice_and_resuming_twice_change_nothing():
    paused = schedule.paused(a_timer(), moment(100))
    assert schedule.paused(paused, moment(150)) == paused
    running = schedule.resumed(paused, moment(200))
    assert schedule.resumed(running, moment(250)) == running


def test_time_is_added_to_a_running_a_paused_and_a_ringing_timer():
    running = schedule.changed(a_timer(), FIVE_MINUTES, moment(60))
    assert schedule.remaining(running, moment(60)) == timedelta(minutes=9)
    assert running.duration == timedelta(minutes=10)
    paused = schedule.changed(schedule.paused(a_timer(), moment(60)), FIVE_MINUTES, moment(90))
    assert (paused.state, paused.left) == ("paused", timedelta(minutes=9))
    rings_again = schedule.changed(schedule.ringing(a_timer()), FIVE_MINUTES, moment(310))
    assert rings_again.state == "running"
    assert schedule.remaining(rings_again, moment(310)) == FIVE_MINUTES


def test_taking_all_the_time_away_is_refused():
    with pytest.raises(BadInput, match="no time"):
        schedule.changed(a_timer(), -FIVE_MINUTES, moment(1))


def test_every_arming_has_a_fired_key_of_its_own():
    timer = a_timer()
    later = schedule.changed(timer, SECOND, moment())
    again = schedule.resumed(schedule.paused(later, moment(1)), moment(2))
    back = schedule.restored(timer, moment(3), armed=again.armed)
    assert len({t.fired_key for t in (timer, later, again, back)}) == 4


def test_setting_the_wall_clock_does_not_shift_a_running_timer():
    timer = a_timer()
    hour_back = moment(60, wall_off_s=-3600)
    assert schedule.remaining(timer, hour_back) == timedelta(minutes=4)
    right = schedule.reanchored(timer, hour_back)
    assert right.due == NINE - timedelta(hours=1) + FIVE_MINUTES
    assert right.fired_key == timer.fired_key


def test_after_a_reboot_the_wall_clock_says_how_much_time_passed():
    timer = a_timer()
    rebooted = Moment(NINE + timedelta(seconds=100), 12.0, "next boot")
    assert schedule.remaining(timer, rebooted) == timedelta(seconds=200)
    right = schedule.reanchored(timer, rebooted)
    assert (right.boot_id, right.due_boot_s) == ("next boot", 212.0)


def test_a_time_server_at_work_moves_no_anchor():
    timer = a_timer()
    assert schedule.reanchored(timer, moment(60, wall_off_s=0.4)) is timer


def test_a_due_timer_rings_and_a_long_due_one_is_missed():
    timer = a_timer()
    assert kinds([timer], moment(299.9)) == []
    assert kinds([timer], moment(300)) == ["ring"]
    assert kinds([timer], moment(300 + LATE.total_seconds())) == ["ring"]
    assert kinds([timer], moment(301 + LATE.total_seconds())) == ["miss"]


def test_ringing_ends_as_missed():
    ringing = schedule.ringing(a_timer())
    assert kinds([ringing], moment(300 + RINGS_FOR.total_seconds() - 1)) == []
    assert kinds([ringing], moment(300 + RINGS_FOR.total_seconds())) == ["miss"]


def test_a_ring_that_was_cut_off_is_missed_at_the_next_start():
    ringing, just_due = schedule.ringing(a_timer()), replace(a_timer(), id="b" * 32)
    found = schedule.steps_at_start([ringing, just_due], moment(310))
    assert [(step.kind, step.timer.id[0]) for step in found] == [("miss", "a"), ("ring", "b")]


def test_the_longest_due_comes_first():
    first, second = a_timer(timedelta(seconds=10)), replace(a_timer(timedelta(seconds=12)), id="b" * 32)
    found = schedule.steps([second, first], moment(15))
    assert [step.timer.id[0] for step in found] == ["a", "b"]


def test_the_next_wait_is_until_the_first_due_or_the_end_of_ringing():
    short, long = a_timer(), a_timer(timedelta(hours=1))
    assert schedule.next_wait([long, short], moment(60)) == timedelta(minutes=4)
    assert schedule.next_wait([schedule.ringing(short)], moment(300)) == RINGS_FOR
    assert schedule.next_wait([schedule.paused(short, moment(1))], moment(2)) is None
