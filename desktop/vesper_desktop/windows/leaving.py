"""Said once, when the window is first closed to the tray: Vesper goes on listening there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from vesper_desktop.theme import GAP, GAP_L, GAP_S
from vesper_desktop.widgets.buttons import push_button
from vesper_desktop.widgets.plain import label


class LeavingDialog(QDialog):
    """Accepted: close to the tray. `quit_wanted`: quit instead. Escape keeps the window open."""

    quit_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Close to tray"))
        self.setMinimumWidth(360)
        keep = push_button(self.tr("Close to tray"), "primary")
        leave = push_button(self.tr("Quit instead"), "quiet")
        keep.setDefault(True)
        keep.clicked.connect(self.accept)
        leave.clicked.connect(self._quit)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_L, GAP_L, GAP_L, GAP)
        column.setSpacing(GAP_S)
        column.addWidget(label(self.tr("Vesper keeps listening"), "title"))
        column.addWidget(
            label(self.tr("Without its window Vesper stays in the tray, and still hears you."), wraps=True)
        )
        column.addWidget(
            label(
                self.tr("Its icon brings the window back. Settings, Window, Close to tray changes this."),
                "secondary",
                wraps=True,
            )
        )
        column.addSpacing(GAP_S)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(keep)
        column.addLayout(buttons)

    def _quit(self) -> None:
        self.reject()
        self.quit_wanted.emit()
