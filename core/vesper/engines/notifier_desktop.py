"""Notifications by desktop-notifier: the desktop's own, with buttons where the desktop offers them.

Where there is no notification service (no session bus, a bare window manager) `show` says so with None: every
notice also stands in the window, so nothing is lost. A connection that failed is thrown away, so that the next
notice finds the session bus that is there by then.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from vesper.base.tasks import TaskOwner
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.system import Notice

if TYPE_CHECKING:
    from desktop_notifier import Button, DesktopNotifier

_log = logging.getLogger(__name__)
_SHOW_TIMEOUT_S = 3.0
_ANSWER_TIMEOUT_S = 15 * 60.0
_CLOSE_TIMEOUT_S = 1.0


class _SessionBus(Protocol):
    """The part of dbus-fast's connection that is used here."""

    @property
    def connected(self) -> bool: ...

    def disconnect(self) -> None: ...

    async def wait_for_disconnect(self) -> None: ...


class DesktopNotices:
    """Shows notices on the desktop. Belongs to one event loop."""

    def __init__(self) -> None:
        self._notifier: DesktopNotifier | None = None
        self._bus: _SessionBus | None = None
        self._sending = asyncio.Lock()  # two first notices at once would make two connections
        self._unanswered: set[asyncio.Future[str | None]] = set()
        self._owner = TaskOwner("notices")

    @property
    def info(self) -> EngineInfo:
        """Its name."""
        return EngineInfo("desktop-notifier")

    def open(self) -> None:
        """Nothing is connected before the first notice."""

    async def show(self, notice: Notice) -> str | None:
        """Show a notice; the id of the pressed button, "" when dismissed, None when it cannot be shown or known.

        Returns within 3 s where nothing can be shown, and as soon as the session bus is gone. Cancelled, it takes
        the notice from the screen.
        """
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._unanswered.add(answered)
        sending = self._owner.start(self._sent(notice, answered), "send")
        try:
            if await asyncio.shield(sending) is None or not notice.actions:
                return None
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                return await answered
        except TimeoutError:
            return None
        except asyncio.CancelledError:
            if not sending.cancelled():
                self._owner.start(self._withdraw(sending), "withdraw")
            raise
        finally:
            self._unanswered.discard(answered)

    async def close(self) -> None:
        """Withdraw what is shown and leave the session bus; takes a second at most."""
        if self._notifier is not None:
            try:
                async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                    await self._notifier.clear_all()
            except Exception as error:  # noqa: BLE001 (the desktop may be gone by now)
                _log.info("notifications could not be withdrawn: %s", type(error).__name__)
        self._disconnect()
        await self._owner.close()

    def probe(self) -> Probe:
        """Whether a notice could be sent is only known when one is."""
        return Probe("ok", "desktop notifications")

    async def _withdraw(self, sending: asyncio.Task[str | None]) -> None:
        """Take a notice from the screen, as soon as it is on it."""
        try:
            identifier = await sending
            if identifier is not None and self._notifier is not None:
                async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                    await self._notifier.clear(identifier)
        except Exception as error:  # noqa: BLE001 (the desktop, or the notice, may be gone by now)
            _log.info("a notification could not be withdrawn: %s", type(error).__name__)

    async def _sent(self, notice: Notice, answered: asyncio.Future[str | None]) -> str | None:
        """Give the notice to the desktop; the desktop's name for it, None when it takes none."""
        try:
            async with asyncio.timeout(_SHOW_TIMEOUT_S), self._sending:
                return await self._send(notice, answered)
        except Exception as error:  # noqa: BLE001 (any desktop may refuse in its own way; the window shows it too)
            _log.info("no desktop notification: %s", type(error).__name__)
            self._disconnect()
            return None

    async def _send(self, notice: Notice, answered: asyncio.Future[str | None]) -> str:
        # A timer is ringing meanwhile: importing some hundred milliseconds long must not hold up the loop.
        await asyncio.to_thread(importlib.import_module, "desktop_notifier")
        from desktop_notifier import Urgency

        dispatched = asyncio.Event()
        notifier = self._connected()
        identifier = await notifier.send(
            notice.title,
            notice.text,
            urgency=Urgency.Critical if notice.is_urgent else Urgency.Normal,
            buttons=_buttons(notice, answered),
            on_dispatched=dispatched.set,
            on_dismissed=lambda: _answer(answered, ""),
        )
        if not dispatched.is_set():  # it tells a failure to the log alone
            raise ConnectionError("the desktop takes no notification")
        self._follow(notifier)
        return identifier

    def _connected(self) -> DesktopNotifier:
        from desktop_notifier import DesktopNotifier

        if self._bus is not None and not self._bus.connected:
            self._disconnect()
        if self._notifier is None:
            # It would log a warning with a stack for every desktop without a notification service.
            logging.getLogger("desktop_notifier").setLevel(logging.ERROR)
            self._notifier = DesktopNotifier(app_name="Vesper", app_icon=None)
        return self._notifier

    def _follow(self, notifier: DesktopNotifier) -> None:
        """Learn of the end of the session bus, which desktop-notifier (6.2) keeps to itself. Linux only."""
        bus = _session_bus_of(notifier)
        if bus is not None and bus is not self._bus:
            self._bus = bus
            self._owner.start(self._until_gone(bus), "session bus")

    async def _until_gone(self, bus: _SessionBus) -> None:
        with suppress(Exception):  # how it ended makes no difference
            await bus.wait_for_disconnect()
        if bus is self._bus:
            self._disconnect()

    def _disconnect(self) -> None:
        """Forget the connection; nobody hears of a button on it any more."""
        bus = _session_bus_of(self._notifier)
        if bus is not None and bus.connected:
            bus.disconnect()
        self._notifier = self._bus = None
        for answered in self._unanswered:
            _answer(answered, None)


def _session_bus_of(notifier: DesktopNotifier | None) -> _SessionBus | None:
    return getattr(getattr(notifier, "_backend", None), "bus", None)


def _buttons(notice: Notice, answered: asyncio.Future[str | None]) -> list[Button]:
    from desktop_notifier import Button

    return [
        Button(title=label, on_pressed=lambda chosen=action: _answer(answered, chosen))
        for action, label in notice.actions
    ]


def _answer(answered: asyncio.Future[str | None], button: str | None) -> None:
    if not answered.done():
        answered.set_result(button)
