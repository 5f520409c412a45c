"""One control for each kind of setting, all alike to the page: show a value, tell of a changed one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from vesper_desktop.theme import Theme
from vesper_desktop.view_state.settings_form import FormField
from vesper_desktop.widgets.buttons import Switch
from vesper_desktop.wording import choice_words

WIDTH_PX = 200
NUMBER_PX = 96


class FieldControl(QObject):
    """A control of the setting `field`. `changed(name, value)` when the user has set another value."""

    changed = Signal(str, object)

    def __init__(self, field: FormField, widget: QWidget) -> None:
        super().__init__(widget)
        self.field = field
        self.widget = widget

    def name(self, title: str, explanation: str) -> None:
        """Name it for screen readers."""
        self.widget.setAccessibleName(title)
        self.widget.setAccessibleDescription(explanation)

    def show_value(self, value: Any) -> None:
        """Show a value without telling of it."""
        blocker = QSignalBlocker(self.widget)
        self._show(value)
        blocker.unblock()
        self.widget.update()

    def offer(self, names: Sequence[str]) -> None:
        """What can be chosen; only choices of the machine use it."""

    def _show(self, value: Any) -> None:
        raise NotImplementedError

    def _tell(self, value: Any) -> None:
        self.changed.emit(self.field.name, value)


class SwitchControl(FieldControl):
    """On or off."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._switch = Switch(theme)
        super().__init__(field, self._switch)
        self._switch.clicked.connect(self._tell)

    def _show(self, value: Any) -> None:
        self._switch.setChecked(bool(value))


class ChoiceControl(FieldControl):
    """One of a few words."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._box = _QuietComboBox()
        super().__init__(field, self._box)
        for choice in field.choices:
            self._box.addItem(choice_words(choice), choice)
        self._box.activated.connect(self._chosen)

    def _show(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(str(value)))

    def _chosen(self, index: int) -> None:
        self._tell(self._box.itemData(index))


class MachineChoiceControl(FieldControl):
    """A device or voice of this machine by name; empty leaves the choice to the system."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._box = _QuietComboBox()
        super().__init__(field, self._box)
        self._names: Sequence[str] = ()
        self._value = ""
        self._box.activated.connect(self._chosen)
        self._fill()

    def offer(self, names: Sequence[str]) -> None:
        """The names there are; one that is chosen and away stays in the list."""
        self._names = tuple(dict.fromkeys(names))
        self._fill()

    def _show(self, value: Any) -> None:
        self._value = str(value)
        self._fill()

    def _fill(self) -> None:
        self._box.clear()
        self._box.addItem(self.tr("Automatic"), "")
        for name in self._names:
            self._box.addItem(name, name)
        if self._value and self._value not in self._names:
            self._box.addItem(self.tr("{name} (not there)").format(name=self._value), self._value)
        self._box.setCurrentIndex(max(0, self._box.findData(self._value)))

    def _chosen(self, index: int) -> None:
        self._value = self._box.itemData(index)
        self._tell(self._value)


class NumberControl(FieldControl):
    """A number within its bounds; told when it has been typed to the end."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        is_whole = field.kind == "whole"
        self._box: QSpinBox | QDoubleSpinBox = _QuietSpinBox() if is_whole else _QuietDoubleSpinBox()
        super().__init__(field, self._box)
        self._is_whole = is_whole
        lowest, highest = field.lowest, field.highest
        if isinstance(self._box, QSpinBox):
            self._box.setRange(int(lowest), int(highest))
            self._box.setSingleStep(5 if highest - lowest >= 50 else 1)
        else:
            self._box.setRange(lowest, highest)
            self._box.setDecimals(1)
            self._box.setSingleStep(0.5)
        self._box.setKeyboardTracking(False)
        self._box.setFixedWidth(NUMBER_PX)
        self._box.valueChanged.connect(self._tell)

    def _show(self, value: Any) -> None:
        if isinstance(self._box, QSpinBox):
            self._box.setValue(int(value))
        else:
            self._box.setValue(float(value))


class TextControl(FieldControl):
    """A line of text, or several words with commas between them."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._line = QLineEdit()
        self._line.setFixedWidth(WIDTH_PX)
        super().__init__(field, self._line)
        self._shown = ""
        self._line.editingFinished.connect(self._edited)

    def _show(self, value: Any) -> None:
        self._shown = str(value) if self.field.kind == "text" else ", ".join(str(word) for word in value)
        self._line.setText(self._shown)

    def _edited(self) -> None:
        text = self._line.text().strip()
        if text == self._shown:
            return
        self._shown = text
        words = [word.strip() for word in text.split(",") if word.strip()]
        self._tell(text if self.field.kind == "text" else words)


def make_control(theme: Theme, field: FormField) -> FieldControl:
    """The control that fits the field, showing its value."""
    control = _CONTROLS[field.kind](theme, field)
    control.show_value(field.value)
    return control


class _QuietComboBox(QComboBox):
    """Scrolling the page over it must not change the setting."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        event.ignore()


class _QuietSpinBox(QSpinBox):
    def wheelEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        event.ignore()


class _QuietDoubleSpinBox(QDoubleSpinBox):
    def wheelEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        event.ignore()


_CONTROLS: dict[str, Callable[[Theme, FormField], FieldControl]] = {
    "switch": SwitchControl,
    "choice": ChoiceControl,
    "whole": NumberControl,
    "decimal": NumberControl,
    "text": TextControl,
    "words": TextControl,
    "input_device": MachineChoiceControl,
    "output_device": MachineChoiceControl,
    "voice": MachineChoiceControl,
}
