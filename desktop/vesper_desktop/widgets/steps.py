"""Dots that tell how far one is: done, now, to come."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vesper_desktop.theme import Theme

DOT_PX, NOW_PX, GAP_PX = 8, 22, 8


class StepDots(QWidget):
    """The present step is a longer pill, so that colour is not the only sign."""

    def __init__(self, theme: Theme, count: int) -> None:
        super().__init__()
        self._theme = theme
        self._count = count
        self._step = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """All dots in a line."""
        return QSize((self._count - 1) * (DOT_PX + GAP_PX) + NOW_PX, DOT_PX)

    def show_step(self, step: int) -> None:
        """Show that step number `step` (from 0) is the present one."""
        self._step = step
        self.setAccessibleName(self.tr("Step {step} of {count}").format(step=step + 1, count=self._count))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the dots, in the direction of writing."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            left = 0.0
            for step in range(self._count):
                width = NOW_PX if step == self._step else DOT_PX
                painter.setBrush(self._theme.palette["accent" if step <= self._step else "outline"])
                painter.drawRoundedRect(QRectF(left, 0, width, DOT_PX), DOT_PX / 2, DOT_PX / 2)
                left += width + GAP_PX
        finally:
            painter.end()
