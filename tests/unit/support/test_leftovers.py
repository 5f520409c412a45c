"""What goes on after a test is found: tasks, threads, child processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import psutil

from tests.support.leftovers import children, lasting_children, lasting_tasks, lasting_threads, threads
from vesper.base.tasks import TaskOwner


def test_a_thread_of_vespers_that_goes_on_is_left_over() -> None:
    before, end = threads(), threading.Event()
    thread = threading.Thread(target=end.wait, name="vesper-harbour")
    thread.start()
    assert lasting_threads(before, grace_s=0) == ["vesper-harbour"]
    end.set()
    thread.join()
    assert lasting_threads(before, grace_s=0) == []


async def test_a_task_that_goes_on_is_left_over() -> None:
    owner = TaskOwner("harbour")
    owner.start(asyncio.Event().wait(), "waits")
    assert await lasting_tasks() == ["harbour/waits"]
    await owner.close()
    assert await lasting_tasks() == []


def test_a_child_that_goes_on_is_left_over_and_ended() -> None:
    before = children()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert str(child.pid) in lasting_children(before, grace_s=0)[0]
    assert not psutil.pid_exists(child.pid)
