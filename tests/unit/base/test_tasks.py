"""Long plain work beside the loop: its result, its failure, and an end that does not wait for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from vesper.base.tasks import in_own_thread


async def test_the_result_of_work_in_its_own_thread_is_awaited() -> None:
    assert await in_own_thread(lambda: threading.current_thread().name, "heavy") == "heavy"


async def test_what_it_raises_is_raised_where_it_is_awaited() -> None:
    def fail() -> None:
        raise ValueError("no such word")

    with pytest.raises(ValueError, match="no such word"):
        await in_own_thread(fail, "heavy")


async def test_whoever_stops_waiting_is_not_told_later() -> None:
    may_end = threading.Event()
    waiting = asyncio.ensure_future(in_own_thread(lambda: may_end.wait(5), "heavy"))
    await asyncio.sleep(0)
    waiting.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_the_end_of_the_program_does_not_wait_for_it() -> None:
    program = """
import asyncio, threading
from vesper.base.tasks import in_own_thread
async def main():
    try:
        async with asyncio.timeout(0.05):
            await in_own_thread(threading.Event().wait, "endless")
    except TimeoutError:
        print("ended")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "ended\n"
