"""A desktop that remembers notices and answers them from a script."""

from __future__ import annotations

import asyncio

from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.system import Notice


class ScriptedNotifier:
    """Keeps what was shown in `shown`; `press(button)` answers the newest notice that has buttons.

    `on_screen` holds the notices with buttons that were neither answered nor withdrawn.
    """

    def __init__(self) -> None:
        self.shown: list[Notice] = []
        self.on_screen: list[Notice] = []
        self._waiting: list[asyncio.Future[str]] = []

    @property
    def info(self) -> EngineInfo:
        """See `Engine`."""
        return EngineInfo("scripted")

    def open(self) -> None:
        """See `Engine`."""

    async def show(self, notice: Notice) -> str | None:
        """See `Notifier`."""
        self.shown.append(notice)
        if not notice.actions:
            return None
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append(answered)
        self.on_screen.append(notice)
        try:
            return await answered
        finally:
            self.on_screen.remove(notice)
            if answered in self._waiting:
                self._waiting.remove(answered)

    def press(self, button: str) -> None:
        """Press a button of the newest notice that waits."""
        self._waiting.pop().set_result(button)

    async def close(self) -> None:
        """See `Notifier`."""
        for answered in list(self._waiting):
            answered.cancel()

    def probe(self) -> Probe:
        """See `Engine`."""
        return Probe("ok", "a script")
