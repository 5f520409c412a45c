"""Controls for settings that are chosen from a list: of a few words, or of what this machine has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from vesper_desktop.theme import GAP_XS, Theme
from vesper_desktop.view_state.settings_form import FormField, ranked_anew
from vesper_desktop.widgets.field import Control
from vesper_desktop.wording import choice_words, device_words, language_words

WIDTH_PX = 200


class ChoiceControl(Control):
    """One of a few words."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        self._box = _QuietComboBox()
        super().__init__(field, self._box)
        for choice in field.choices:
            self._box.addItem(choice_words(choice), choice)
        self._box.activated.connect(self._chosen)

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        self._box.setCurrentIndex(self._box.findData(str(value)))

    def _chosen(self, index: int) -> None:
        self.tell(self._box.itemData(index))


class MachineChoiceControl(Control):
    """One of what this machine has, each shown as `words` says; one that is chosen and away stays in the list."""

    def __init__(self, field: FormField, words: Callable[[str], str]) -> None:
        self._box = _QuietComboBox()
        super().__init__(field, self._box)
        self._words = words
        self._names: Sequence[str] = ()
        self._value = ""
        self._box.activated.connect(self._chosen)

    def offer(self, names: Sequence[str]) -> None:
        """The names there are."""
        self._names = tuple(dict.fromkeys(names))
        self._fill()

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        self._value = str(value)
        self._fill()

    def _fill(self) -> None:
        self._box.clear()
        for name in self._names:
            self._box.addItem(self._words(name), name)
        if self._value not in self._names:
            gone = self.tr("{name} (not there)") if self._names else "{name}"
            self._box.addItem(gone.format(name=self._words(self._value)), self._value)
        self._box.setCurrentIndex(self._box.findData(self._value))

    def _chosen(self, index: int) -> None:
        self._value = self._box.itemData(index)
        self.tell(self._value)


class RankedChoiceControl(MachineChoiceControl):
    """Several in an order, the best first: the one that is chosen goes to the top, the earlier ones stay below it."""

    def __init__(self, field: FormField, words: Callable[[str], str]) -> None:
        super().__init__(field, words)
        self._ranked: tuple[str, ...] = ()

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        self._ranked = tuple(str(name) for name in value)
        super().show_value(self._ranked[0] if self._ranked else "")

    def _fill(self) -> None:
        self._box.clear()
        self._box.addItem(self._words(""), "")
        for place, name in enumerate(self._ranked, 1):
            text = self.tr("{name} (not there)") if self._names and name not in self._names else "{name}"
            number = f"{place}. " if len(self._ranked) > 1 else ""
            self._box.addItem(number + text.format(name=self._words(name)), name)
        for name in self._names:
            if name and name not in self._ranked:
                self._box.addItem(self._words(name), name)
        self._box.setCurrentIndex(self._box.findData(self._value))

    def _chosen(self, index: int) -> None:
        name = self._box.itemData(index)
        self._ranked = ranked_anew(self._ranked, name)
        self.tell(list(self._ranked))


class PhrasesControl(Control):
    """Several of the phrases that can be heard, at least one: the last one cannot be taken away."""

    def __init__(self, theme: Theme, field: FormField) -> None:
        box = QWidget()
        super().__init__(field, box)
        self._column = QVBoxLayout(box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_XS)
        box.setFixedWidth(WIDTH_PX)
        self._boxes: dict[str, QCheckBox] = {}
        self._explanation = ""

    def name(self, title: str, explanation: str) -> None:
        """Each box bears its phrase; what it is for is said with it."""
        super().name(title, explanation)
        self._explanation = f"{title}. {explanation}"

    def offer(self, names: Sequence[str]) -> None:
        """The phrases there are."""
        for name in names:
            self._add(name)
        self._keep_one()

    def show_value(self, value: Any) -> None:
        """See `FieldControl`."""
        for name in value:
            self._add(name)
        for name, box in self._boxes.items():
            box.setChecked(name in value)
        self._keep_one()

    def _add(self, name: str) -> None:
        if name not in self._boxes:
            box = QCheckBox(self.tr("“{phrase}”").format(phrase=name))
            box.setAccessibleDescription(self._explanation)
            box.clicked.connect(self._clicked)
            self._column.addWidget(box)
            if self._boxes:
                QWidget.setTabOrder(list(self._boxes.values())[-1], box)  # else it would come last in the window
            self._boxes[name] = box

    def _clicked(self) -> None:
        self._keep_one()
        self.tell([name for name, box in self._boxes.items() if box.isChecked()])

    def _keep_one(self) -> None:
        checked = [box for box in self._boxes.values() if box.isChecked()]
        for box in self._boxes.values():
            is_last = checked == [box]
            box.setEnabled(not is_last)
            box.setToolTip(self.tr("Vesper needs one phrase to wake to.") if is_last else "")


def device_control(_: Theme, field: FormField) -> MachineChoiceControl:
    """A device or voice by its name; none leaves the choice to the system."""
    return MachineChoiceControl(field, device_words)


def ranked_device_control(_: Theme, field: FormField) -> RankedChoiceControl:
    """Devices by their names, the best first; none leaves the choice to the system."""
    return RankedChoiceControl(field, device_words)


def language_control(_: Theme, field: FormField) -> MachineChoiceControl:
    """A language that is installed."""
    return MachineChoiceControl(field, language_words)


class _QuietComboBox(QComboBox):
    """Scrolling the page over it must not change the setting."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        event.ignore()
