"""Whatever is done to timers, and whatever happens to the clocks, no time is lost or made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vesper.base.errors import BadInput
from vesper.scheduling import schedule
from vesper.scheduling.schedule import JUMP, Moment, Step, Timer

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

durations = st.integers(1, 100 * 86_400_000).map(lambda ms: ms * MILLISECOND)
passing = st.integers(0, 10 * 86_400_000).map(lambda ms: ms * MILLISECOND)
jumps = st.integers(-(10**10), 10**10).map(lambda ms: ms * MILLISECOND)


class World:
    """True elapsed time, a wall clock that anyone may set, and a boot clock that begins anew with a reboot."""

    def __init__(self) -> None:
        self.elapsed = timedelta(0)
        self.wall_off = timedelta(0)
        self.booted_at = timedelta(-1)
        self.boots = 0

    def moment(self) -> Moment:
        boot_s = (self.elapsed - self.booted_at).total_seconds()
        return Moment(START + self.elapsed + self.wall_off, boot_s, f"boot {self.boots}")


def near(one: timedelta, other: timedelta) -> bool:
    """Equal within what floating-point seconds of a boot clock can hold."""
    return abs(one - other) <= MILLISECOND


@given(durations, st.lists(st.tuples(st.sampled_from(["wait", "jump", "pause", "resume", "add"]), passing, jumps)))
def test_the_time_left_is_the_length_less_the_time_it_ran(
    duration: timedelta, happenings: list[tuple[str, timedelta, timedelta]]
) -> None:
    world = World()
    timer = schedule.new_timer("a", "", duration, moment=world.moment())
    left = duration
    for what, passed, jump in happenings:
        world.elapsed += passed
        if timer.state == "running":
            left = max(timedelta(0), left - passed)
        if what == "jump":
            world.wall_off += jump
        before = timer
        timer = done(what, timer, world.moment())
        left += timedelta(minutes=5) if what == "add" and timer != before else timedelta(0)
        timer = schedule.reanchored(timer, world.moment())
        assert near(schedule.remaining(timer, world.moment()), left)


def done(what: str, timer: Timer, moment: Moment) -> Timer:
    """The timer after a happening; one that is refused changes nothing."""
    if what == "pause":
        return schedule.paused(timer, moment)
    if what == "resume":
        return schedule.resumed(timer, moment)
    if what == "add":
        overdue = schedule.remaining(timer, moment) == timedelta(0)
        try:
            return timer if overdue else schedule.changed(timer, timedelta(minutes=5), moment)
        except BadInput:
            return timer
    return timer


@given(durations, passing, passing)
def test_a_reboot_with_a_right_wall_clock_changes_nothing(duration: timedelta, ran: timedelta, off: timedelta) -> None:
    world = World()
    timer = schedule.new_timer("a", "", duration, moment=world.moment())
    world.elapsed += ran + off
    world.boots, world.booted_at = 1, world.elapsed
    rebooted = schedule.reanchored(timer, world.moment())
    assert near(schedule.remaining(rebooted, world.moment()), max(timedelta(0), duration - ran - off))
    assert rebooted.boot_id == "boot 1"


@given(durations, st.integers(-900, 900))
def test_a_slowly_disciplined_wall_clock_never_costs_a_write(duration: timedelta, off_ms: int) -> None:
    world = World()
    timer = schedule.new_timer("a", "", duration, moment=world.moment())
    world.wall_off = off_ms * MILLISECOND
    assert abs(world.wall_off) <= JUMP
    assert schedule.reanchored(timer, world.moment()) is timer


@given(st.lists(durations, min_size=1, max_size=6), st.lists(passing, max_size=8))
def test_every_timer_fires_exactly_once_however_the_keeper_is_woken(
    lengths: list[timedelta], naps: list[timedelta]
) -> None:
    world = World()
    timers = {str(n): schedule.new_timer(str(n), "", d, moment=world.moment()) for n, d in enumerate(lengths)}
    fired: list[str] = []
    while (wait := schedule.next_wait(timers.values(), world.moment())) is not None:
        nap = naps.pop() if naps else wait
        world.elapsed += min(nap, wait) + MILLISECOND
        fired += take(schedule.steps(timers.values(), world.moment()), timers)
    assert timers == {}
    assert sorted(fired) == [f"{n}/1" for n in range(len(lengths))]


def take(steps: list[Step], timers: dict[str, Timer]) -> list[str]:
    """Do as the keeper does; returns the keys of those that came due."""
    due = [step.timer.fired_key for step in steps if step.timer.state == "running"]
    for step in steps:
        if step.kind == "ring":
            timers[step.timer.id] = schedule.ringing(step.timer)
        else:
            del timers[step.timer.id]
    return due
