"""The machine around Vesper: notifications, and starting at login."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """A desktop notification; `actions` are (id, label) buttons, shown where the desktop can."""

    title: str
    text: str
    actions: Sequence[tuple[str, str]] = ()
    is_urgent: bool = False


class Notifier(Protocol):
    """Shows notifications outside the window."""

    async def show(self, notice: Notice) -> str | None:
        """Show it; returns the id of the button pressed, "" when it was dismissed, None when it cannot be known.

        To take it from the screen, cancel this.
        """
        ...

    async def close(self) -> None:
        """Withdraw what is shown."""
        ...


class LoginStart(Protocol):
    """Starts Vesper when the user logs in."""

    def is_on(self) -> bool:
        """Whether it is switched on."""
        ...

    def switch(self, on: bool) -> None:
        """Switch it. Raises StorageFailed when the system refuses."""
        ...
