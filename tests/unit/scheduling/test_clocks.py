"""The boot clock: it goes on, it has a name, and a virtual one never mixes with it."""

from __future__ import annotations

from vesper.base.clock import SystemClock, VirtualClock
from vesper.scheduling.clocks import machine_moments, own_moments, system_boot_id


def test_the_machines_boot_is_named_the_same_each_time_and_its_clock_goes_on():
    read = machine_moments(SystemClock())
    first, second = read(), read()
    assert first.boot_id == second.boot_id == system_boot_id()
    assert 0 < first.boot_s <= second.boot_s


async def test_a_virtual_clock_is_a_boot_of_its_own():
    clock = VirtualClock()
    read, other = own_moments(clock), own_moments(clock)
    before = read()
    await clock.advance(90)
    assert read().boot_s - before.boot_s == 90
    assert (read().wall - before.wall).total_seconds() == 90
    assert read().boot_id != other().boot_id
