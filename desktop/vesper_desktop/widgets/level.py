"""The live level: a quiet bar that proves the microphone hears.

It has no accessible value on purpose: a screen reader would read it all day.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesper_desktop.theme import Theme


class LevelMeter(QWidget):
    """Shows a level of 0 to 1, from the middle outward: the same in both writing directions."""

    def __init__(self, theme: Theme, width_px: int = 120, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width_px = width_px
        self._shown = 0.0
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # else all below it would jump with each turn
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """A thin bar."""
        return QSize(self._width_px, 6)

    def show_level(self, level: float) -> None:
        """Show a level; it rises at once and falls slowly, as meters do."""
        shown = level if level > self._shown else self._shown * 0.72 + level * 0.28
        if abs(shown - self._shown) > 0.005:
            self._shown = shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the track and the level on it."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.palette["line"])
            painter.drawRoundedRect(QRectF(0, 1, self.width(), 4), 2, 2)
            width = self.width() * self._shown
            if width > 1:
                painter.setBrush(self._theme.palette["good"])
                painter.drawRoundedRect(QRectF((self.width() - width) / 2, 1, width, 4), 2, 2)
        finally:
            painter.end()
