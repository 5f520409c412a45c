"""Small controls in the theme's looks: round and small icon buttons, and the switch."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from vesper_desktop.theme import Theme

# The tick on the knob, from its centre.
TICK = ((-3.6, 0.2), (-1.0, 2.8), (3.8, -2.6))


class IconButton(QToolButton):
    """A button with a drawing; its name is said by screen readers and shown as tool tip.

    `shape`: round (40 px) or small (30 px); `role`: the drawing's colour.
    """

    def __init__(self, theme: Theme, icon: str, *, role: str = "text", shape: str = "round") -> None:
        super().__init__()
        self._theme = theme
        self._drawing = (icon, role)
        self.setProperty("role", shape)
        self.setIconSize(QSize(20, 20) if shape == "round" else QSize(16, 16))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._show_icon)
        self._show_icon()

    def name(self, text: str, shortcut: str = "") -> None:
        """Say what it does, and by which key."""
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({shortcut})" if shortcut else text)

    def draw(self, icon: str, role: str = "text") -> None:
        """Show another drawing."""
        if (icon, role) != self._drawing:
            self._drawing = (icon, role)
            self._show_icon()

    def _show_icon(self) -> None:
        self.setIcon(self._theme.icon(*self._drawing))


class Switch(QAbstractButton):
    """On or off, at once. The knob's place and the mark on it say it, not the colour alone."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The track with room for the focus ring."""
        return QSize(52, 32)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw track, knob and focus ring."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        palette = self._theme.palette
        track = QRectF(4, 4, 44, 24)
        is_on = self.isChecked()
        painter.setPen(QPen(palette["accent" if is_on else "outline"], 1.5))
        painter.setBrush(palette["accent" if is_on else "raised"])
        painter.drawRoundedRect(track, 12, 12)
        is_right = is_on != (self.layoutDirection() is Qt.LayoutDirection.RightToLeft)
        knob = QRectF(track.right() - 21 if is_right else track.left() + 3, track.top() + 3, 18, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette["on_accent" if is_on else "secondary"])
        painter.drawEllipse(knob)
        if is_on:
            painter.setPen(QPen(palette["accent"], 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            centre = knob.center()
            painter.drawPolyline([centre + QPointF(*point) for point in TICK])
        if self.hasFocus():
            painter.setPen(QPen(palette["focus"], 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(1, 1, 50, 30), 15, 15)


def push_button(text: str, role: str = "") -> QPushButton:
    """A button with words; `role`: primary for the one thing to do here, quiet for the way past it."""
    button = QPushButton(text)
    button.setProperty("role", role)
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
