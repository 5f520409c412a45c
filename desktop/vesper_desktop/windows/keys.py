"""The list of keyboard shortcuts, made from the one list of actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from vesper_desktop.actions import ACTIONS, shortcut_of, title_of
from vesper_desktop.theme import GAP, GAP_L, GAP_M
from vesper_desktop.widgets.buttons import push_button
from vesper_desktop.widgets.plain import label


class KeysWindow(QDialog):
    """Shows each action that has a key. Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_L, GAP_L, GAP_L, GAP)
        column.setSpacing(GAP)
        column.addWidget(label(self.tr("Keyboard shortcuts"), "title"))
        column.addLayout(self._table())
        column.addWidget(
            label(
                self.tr("Hold the orb to talk, let go to send. Tab moves on, Space presses."), "secondary", wraps=True
            )
        )
        done = push_button(self.tr("Close"))
        done.clicked.connect(self.accept)
        column.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)

    @staticmethod
    def _table() -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(GAP_L)
        table.setVerticalSpacing(GAP_M)
        for row, info in enumerate(info for info in ACTIONS if info.shortcut):
            table.addWidget(label(title_of(info)), row, 0)
            table.addWidget(label(shortcut_of(info.id), "secondary"), row, 1, Qt.AlignmentFlag.AlignRight)
        return table
