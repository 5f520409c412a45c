"""The boot clock: how long the machine has been up, sleep included, and which start of it this is.

Linux stops CLOCK_MONOTONIC while the machine sleeps, CLOCK_BOOTTIME goes on (clock_gettime(2)). On macOS
CLOCK_MONOTONIC_RAW goes on in sleep, and on Windows the counter behind `time.monotonic` does.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from vesper.base.clock import Clock
from vesper.scheduling.schedule import Moment

MomentReader = Callable[[], Moment]


def own_moments(clock: Clock) -> MomentReader:
    """Moments by `clock` alone, as a boot of its own: what it anchors never mixes with another clock's time."""
    own_boot = f"clock-{secrets.token_hex(8)}"
    return lambda: Moment(clock.now(), clock.monotonic(), own_boot)


def machine_moments(clock: Clock) -> MomentReader:
    """Moments by the wall clock of `clock` and the boot clock. Asks the system once, so call it in a thread."""
    boot_id = system_boot_id()
    return lambda: Moment(clock.now(), system_boot_s(), boot_id)


def system_boot_s() -> float:
    """Seconds since the machine started, time asleep included."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.monotonic()


def system_boot_id() -> str:
    """A name of this start of the machine; a random one where the system tells none, so that it never matches."""
    try:
        return _told_boot_id()
    except (OSError, subprocess.SubprocessError):
        return f"unknown-{secrets.token_hex(8)}"


def _told_boot_id() -> str:
    if sys.platform == "linux":
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    if sys.platform == "darwin":
        command = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
        return subprocess.run(command, capture_output=True, text=True, timeout=2, check=True).stdout.strip()
    if sys.platform == "win32":
        import winreg

        folder = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, folder) as key:
            return f"windows-{winreg.QueryValueEx(key, 'BootId')[0]}"
    raise OSError("this system names no boot")
