"""Finds what a test left running: asyncio tasks, Vesper's threads, child processes."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import psutil

_OWN_THREADS = ("vesper-", "engine-")
_kept: set[int] = set()


def keep(pid: int) -> None:
    """This child belongs to the session (the rig's servers), not to the test that happened to start it."""
    _kept.add(pid)


def children() -> set[int]:
    """Pids of this process's living children; those of the session and the interpreter's own are left out."""
    return {pid for pid in _child_pids() if pid not in _kept and _is_living(pid)}


def lasting_children(before: set[int], grace_s: float = 3.0) -> list[str]:
    """Children that are not in `before` and do not end within the grace, as "pid command line"; they are killed."""
    deadline = time.monotonic() + grace_s
    while (left := children() - before) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [_ended(pid) for pid in sorted(left)]


def threads() -> set[threading.Thread]:
    """Vesper's own threads that are running: the ears, the storage, engines in threads."""
    return {thread for thread in threading.enumerate() if thread.name.startswith(_OWN_THREADS)}


def lasting_threads(before: set[threading.Thread], grace_s: float = 3.0) -> list[str]:
    """Names of Vesper's threads that are not in `before` and do not end within the grace."""
    deadline = time.monotonic() + grace_s
    while (left := threads() - before) and time.monotonic() < deadline:
        time.sleep(0.02)
    return sorted(thread.name for thread in left)


async def lasting_tasks() -> list[str]:
    """Names of tasks still running in this loop, after everything that is about to end has had its chance."""
    for _ in range(20):
        await asyncio.sleep(0)
    return [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task() and not task.done()]


def _child_pids() -> set[int]:
    lists = list(Path("/proc/self/task").glob("*/children"))  # cheap: no walk over all processes of the machine
    if not lists:
        return {child.pid for child in psutil.Process().children()}
    return {int(pid) for file in lists for pid in _read(file).split()}


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # the thread ended meanwhile
        return ""


def _is_living(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return "multiprocessing.resource_tracker" not in " ".join(process.cmdline())
    except psutil.Error:
        return False


def _ended(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        told = f"{pid} {' '.join(process.cmdline())}"
        process.kill()
        process.wait(5)
    except psutil.Error:
        return f"{pid} (ended meanwhile)"
    return told
