"""One control for each kind of setting, all alike to the page: show a value, tell of a changed one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox

from vesper_desktop.theme import GAP_S, Theme
from vesper_desktop.view_state.settings_form import FormField
from vesper_desktop.widgets.buttons import Switch
from vesper_desktop.widgets.choices import (
    WIDTH_PX,
    ChoiceControl,
    PhrasesControl,
    device_control,
    language_control,
    ranked_device_control,
)
from vesper_desktop.widgets.field import Control, FieldControl

NUMBER_PX = 96


class SwitchControl(Control):
    """On or off."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._switch = Switch(theme)
        super().__init__(field, self._switch)
        self._switch.clicked.connect(self.tell)

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        self._switch.setChecked(bool(value))


class NumberControl(Control):
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
        self._box.lineEdit().setTextMargins(GAP_S, 0, 0, 0)  # the sheet's padding does not reach the line inside
        self._box.valueChanged.connect(self.tell)

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        with QSignalBlocker(self._box):  # it tells of values that are set as of those that are typed
            if isinstance(self._box, QSpinBox):
                self._box.setValue(int(value))
            else:
                self._box.setValue(float(value))


class TextControl(Control):
    """A line of text, or several words with commas between them."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._line = QLineEdit()
        self._line.setFixedWidth(WIDTH_PX)
        super().__init__(field, self._line)
        self._shown = ""
        self._line.editingFinished.connect(self._edited)

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        self._shown = str(value) if self.field.kind == "text" else ", ".join(str(word) for word in value)
        self._line.setText(self._shown)

    def _edited(self) -> None:
        text = self._line.text().strip()
        if text == self._shown:
            return
        self._shown = text
        words = [word.strip() for word in text.split(",") if word.strip()]
        self.tell(text if self.field.kind == "text" else words)


def make_control(theme: Theme, field: FormField) -> FieldControl:
    """The control that fits the field, showing its value."""
    control = _CONTROLS[field.kind](theme, field)
    control.show_value(field.value)
    return control


class _QuietSpinBox(QSpinBox):
    """Scrolling the page over it must not change the setting."""

    def wheelEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        event.ignore()


class _QuietDoubleSpinBox(QDoubleSpinBox):
    """The same for decimal numbers."""

    def wheelEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        event.ignore()


_CONTROLS: dict[str, Callable[[Theme, FormField], FieldControl]] = {
    "switch": SwitchControl,
    "choice": ChoiceControl,
    "whole": NumberControl,
    "decimal": NumberControl,
    "text": TextControl,
    "words": TextControl,
    "input_device": ranked_device_control,
    "output_device": device_control,
    "voice": device_control,
    "language": language_control,
    "phrases": PhrasesControl,
}
