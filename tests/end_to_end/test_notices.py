"""Notices on a real desktop: shown and answered, and never waited for where the session bus is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.support.leftovers import keep
from tests.support.polling import until
from tests.support.rig import Rig
from vesper.engines.notifier_desktop import DesktopNotices
from vesper.ports.system import Notice

RINGS = Notice("Timer", "Your timer is over.", (("stop", "Stop"),), is_urgent=True)
MISSED = Notice("Timer", "A timer was missed.")


class Session:
    """A session bus with a notification service, apart from the rig's: one that may be killed."""

    def __init__(self, rig: Rig) -> None:
        command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
        self.bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=rig.env, text=True)
        keep(self.bus.pid)
        assert self.bus.stdout is not None
        self.env = rig.env | {"DBUS_SESSION_BUS_ADDRESS": self.bus.stdout.readline().strip()}
        chooses = rig.folder / "dunstrc"
        chooses.write_text("[global]\ndmenu = grep Stop\n")  # who is asked which button: one that takes "Stop"
        self.service = subprocess.Popen(
            ["dunst", "-conf", str(chooses)], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        keep(self.service.pid)
        self.until(lambda: self.dunst("count", "displayed") == "0")

    def dunst(self, *words: str) -> str:
        """What dunstctl says, or why it cannot."""
        command = ["dunstctl", *words]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=10, check=False)
        return done.stdout.strip() or done.stderr.strip()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for the desktop, 10 s at most."""
        until(is_so, 10, "the notification service does not answer")

    def end(self) -> None:
        """End both. Safe to call twice."""
        for server in (self.service, self.bus):
            server.kill()
            server.wait(5)


@pytest.fixture
def session(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    started = Session(rig)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", started.env["DBUS_SESSION_BUS_ADDRESS"])
    yield started
    started.end()


@pytest.fixture
async def notices() -> AsyncIterator[DesktopNotices]:
    shown = DesktopNotices()
    yield shown
    await shown.close()


async def on_screen(session: Session, count: int = 1) -> None:
    await asyncio.to_thread(session.until, lambda: session.dunst("count", "displayed") == str(count))


async def test_the_button_that_was_pressed_is_told(session: Session, notices: DesktopNotices) -> None:
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        pressed = group.create_task(notices.show(RINGS))
        await on_screen(session)
        await asyncio.to_thread(session.dunst, "context")
    assert pressed.result() == "stop"


async def test_one_that_nobody_waits_for_any_more_is_withdrawn(session: Session, notices: DesktopNotices) -> None:
    shown = asyncio.create_task(notices.show(RINGS))
    await on_screen(session)
    shown.cancel()
    await on_screen(session, 0)


async def test_what_is_shown_is_withdrawn_at_the_end(session: Session, notices: DesktopNotices) -> None:
    assert await notices.show(MISSED) is None
    await on_screen(session)
    await notices.close()
    await on_screen(session, 0)


async def test_nobody_waits_for_a_button_on_a_dead_bus(session: Session, notices: DesktopNotices) -> None:
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        pressed = group.create_task(notices.show(RINGS))
        await on_screen(session)
        session.bus.kill()
        async with asyncio.timeout(2):
            assert await pressed is None


async def test_without_a_session_bus_nothing_is_waited_for(
    notices: DesktopNotices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    async with asyncio.timeout(5):
        assert await notices.show(RINGS) is None


async def test_a_bus_that_hangs_holds_up_nobody(session: Session, notices: DesktopNotices) -> None:
    assert await notices.show(MISSED) is None
    session.bus.send_signal(signal.SIGSTOP)
    try:
        async with asyncio.timeout(8):
            assert await asyncio.gather(notices.show(RINGS), notices.show(RINGS)) == [None, None]
            await notices.close()
    finally:
        session.bus.send_signal(signal.SIGCONT)


async def test_the_next_bus_is_found(
    rig: Rig, session: Session, notices: DesktopNotices, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await notices.show(MISSED) is None
    await asyncio.to_thread(session.end)
    renewed = await asyncio.to_thread(Session, rig)
    try:
        monkeypatch.setitem(os.environ, "DBUS_SESSION_BUS_ADDRESS", renewed.env["DBUS_SESSION_BUS_ADDRESS"])
        assert await notices.show(MISSED) is None
        await on_screen(renewed)
    finally:
        await asyncio.to_thread(renewed.end)
