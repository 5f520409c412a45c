"""Notifications by desktop-notifier: the desktop's own, with buttons where the desktop offers them.

Where there is no notification service (no session bus, a bare window manager) `show` says so with None: every
notice also stands in the window, so nothing is lost.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.system import Notice

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

_log = logging.getLogger(__name__)
_SHOW_TIMEOUT_S = 3.0
_ANSWER_TIMEOUT_S = 15 * 60.0


class DesktopNotices:
    """Shows notices on the desktop. Belongs to one event loop."""

    def __init__(self) -> None:
        self._notifier: DesktopNotifier | None = None

    @property
    def info(self) -> EngineInfo:
        """Its name."""
        return EngineInfo("desktop-notifier")

    def open(self) -> None:
        """Nothing is connected before the first notice."""

    async def show(self, notice: Notice) -> str | None:
        """Show a notice; the id of the pressed button, "" when dismissed, None when it cannot be shown or known."""
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def answer(button: str) -> None:
            if not answered.done():
                answered.set_result(button)

        try:
            async with asyncio.timeout(_SHOW_TIMEOUT_S):
                await self._send(notice, answer)
        except Exception as error:  # noqa: BLE001 (any desktop may refuse in its own way; the window shows it too)
            _log.info("no desktop notification: %s", type(error).__name__)
            return None
        if not notice.actions:
            return None
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                return await answered
        except TimeoutError:
            return None

    async def close(self) -> None:
        """Withdraw what is shown."""
        notifier, self._notifier = self._notifier, None
        if notifier is None:
            return
        try:
            async with asyncio.timeout(_SHOW_TIMEOUT_S):
                await notifier.clear_all()
        except Exception as error:  # noqa: BLE001 (the desktop may be gone by now)
            _log.info("notifications could not be withdrawn: %s", type(error).__name__)

    def probe(self) -> Probe:
        """Whether a notice could be sent is only known when one is."""
        return Probe("ok", "desktop notifications")

    async def _send(self, notice: Notice, answer: Any) -> None:
        from desktop_notifier import Button, DesktopNotifier, Urgency

        if self._notifier is None:
            self._notifier = DesktopNotifier(app_name="Vesper", app_icon=None)
        buttons = [
            Button(title=label, on_pressed=lambda chosen=action: answer(chosen)) for action, label in notice.actions
        ]
        await self._notifier.send(
            notice.title,
            notice.text,
            urgency=Urgency.Critical if notice.is_urgent else Urgency.Normal,
            buttons=buttons,
            on_dismissed=lambda: answer(""),
        )
