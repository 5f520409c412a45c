"""What every control of a setting can do, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from vesper_desktop.view_state.settings_form import FormField


class FieldControl(Protocol):
    """A control of one setting, alike for the page whatever its kind."""

    field: FormField
    widget: QWidget

    @property
    def changed(self) -> SignalInstance:
        """Told with the setting's name and the new value when the user has set another one."""
        ...

    def name(self, title: str, explanation: str) -> None:
        """Name it for screen readers."""
        ...

    def show_value(self, value: Any) -> None:
        """Show a value without telling of it."""
        ...

    def offer(self, names: Sequence[str]) -> None:
        """What can be chosen; only choices that depend on the machine use it."""
        ...


class Control(QObject):
    """What all controls share; each adds `show_value`."""

    changed = Signal(str, object)

    def __init__(self, field: FormField, widget: QWidget) -> None:
        super().__init__(widget)
        self.field = field
        self.widget = widget

    def name(self, title: str, explanation: str) -> None:
        """See `FieldControl`."""
        self.widget.setAccessibleName(title)
        self.widget.setAccessibleDescription(explanation)

    def offer(self, names: Sequence[str]) -> None:
        """See `FieldControl`."""

    def tell(self, value: Any) -> None:
        """Tell of a value that the user has set."""
        self.changed.emit(self.field.name, value)
