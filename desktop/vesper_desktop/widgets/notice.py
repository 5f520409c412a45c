"""A notice inside the window: one sentence, what to do, and at most two buttons. Never a box in the way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesper_desktop.theme import GAP_M, GAP_S, GAP_XS, Theme
from vesper_desktop.widgets.buttons import IconButton, push_button
from vesper_desktop.widgets.plain import announce, frame, label


class Notice(QWidget):
    """Hidden until `show_notice`. `acted` when its button is pressed, `put_away` when it is closed."""

    acted = Signal()
    put_away = Signal()

    def __init__(self, theme: Theme, *, tone: str) -> None:
        super().__init__()
        self._sentence = label(wraps=True)
        self._hint = label(role="secondary", wraps=True)
        self._action = push_button("")
        self._close = IconButton(theme, "close", role="secondary", shape="small")
        self._close.name(self.tr("Close this notice"))
        self._action.clicked.connect(self.acted)
        self._close.clicked.connect(self.put_away)
        self._lay_out(tone)
        self.hide()

    def show_notice(self, sentence: str, hint: str = "", *, action: str = "", details: str = "") -> None:
        """Show it, and say it to a screen reader once. `details` (a code to quote) is the tool tip."""
        is_new = self.isHidden() or sentence != self._sentence.text()
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setToolTip(details)
        self.show()
        if is_new:
            announce(self, f"{sentence} {hint}".strip())

    def _lay_out(self, tone: str) -> None:
        card = frame("card", tone)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        words.addWidget(self._sentence)
        words.addWidget(self._hint)
        line = QHBoxLayout(card)
        line.setContentsMargins(GAP_M, GAP_S, GAP_S, GAP_S)
        line.setSpacing(GAP_S)
        line.addLayout(words, 1)
        line.addWidget(self._action)
        line.addWidget(self._close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
