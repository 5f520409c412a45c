"""The orb as a button: shows the state, listens at a press, listens while it is held.

A short press asks to listen now (or to stop listening), a held one to listen until it is let go. It moves only
in states that move, only while it can be seen, and not at all with less motion.
"""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vesper_desktop.theme import FADE_MS, FRAME_MS, REDUCED_FADE_MS, Theme
from vesper_desktop.view_state.orb import MOVING, OrbState
from vesper_desktop.widgets.orb_painting import LOOP_S, STILL, OrbPicture, paint_orb

HOLD_MS = 300
SIZE_PX = 176
SETTLE = 0.35


class Orb(QAbstractButton):
    """`clicked` after a short press, `held` and `released_hold` around a long one."""

    held = Signal()
    released_hold = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = OrbState.ASLEEP
        self._before = OrbState.ASLEEP
        self._phase = 0.0
        self._levels: deque[float] = deque([0.0] * 3, maxlen=3)
        self._target = 0.0
        self._is_held = False
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self._step)
        self._hold = QTimer(self, interval=HOLD_MS, singleShot=True)
        self._hold.timeout.connect(self._hold_begins)
        self._fade = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self._repaint)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._theme_changed)

    @property
    def state(self) -> OrbState:
        """What it shows."""
        return self._state

    @property
    def is_moving(self) -> bool:
        """Whether it repaints by itself just now."""
        return self._frames.isActive()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The orb with its halo."""
        return QSize(SIZE_PX, SIZE_PX)

    def show_state(self, state: OrbState, level: float) -> None:
        """Show `state`; `level` (0 to 1) moves the bars while hearing."""
        self._target = level
        if not self.isVisible():
            self._levels.extend([level] * len(self._levels))
        if state is self._state:
            return
        self._before, self._state, self._phase = self._state, state, 0.0
        self._fade.stop()
        self._fade.setDuration(REDUCED_FADE_MS if self._theme.reduced_motion else FADE_MS)
        if self.isVisible():
            self._fade.start()
        self._follow_motion()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Begin to wait whether this is a press or a hold."""
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._hold.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """End a hold, or let the short press be a click."""
        self._hold.stop()
        if self._is_held:
            self._is_held = False
            self.setDown(False)
            self.released_hold.emit()
            return
        super().mouseReleaseEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Move again, if the state moves."""
        super().showEvent(event)
        self._follow_motion()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Nothing moves that nobody sees."""
        super().hideEvent(event)
        self._frames.stop()
        self._fade.stop()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the state, faded over from the one before."""
        painter = QPainter(self)
        try:
            side = min(self.width(), self.height())
            area = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            fade = self._fade.currentValue() if self._fade.state() is QVariantAnimation.State.Running else 1.0
            if fade < 1.0:
                paint_orb(painter, area, self._picture(self._before), opacity=1.0 - fade)
            paint_orb(painter, area, self._picture(self._state), opacity=fade)
            if self.hasFocus():
                self._paint_focus(painter, area)
        finally:
            painter.end()

    def _paint_focus(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.palette["focus"], 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = area.width() * 0.17
        painter.drawEllipse(area.adjusted(inset, inset, -inset, -inset))

    def _picture(self, state: OrbState) -> OrbPicture:
        newest, middle, oldest = self._levels
        levels = (oldest, middle, newest, middle, oldest)
        if self._theme.reduced_motion:
            levels = (self._target,) * len(STILL)
        return OrbPicture(state, self._theme.palette.orb[state], self._phase, levels)

    def _step(self) -> None:
        self._phase = (self._phase + FRAME_MS / 1000 / LOOP_S.get(self._state, 1.6)) % 1.0
        newest = self._levels[0]
        self._levels.appendleft(newest + (self._target - newest) * SETTLE)
        self.update()

    def _follow_motion(self) -> None:
        moves = self._state in MOVING and self.isVisible() and not self._theme.reduced_motion
        if moves != self._frames.isActive():
            self._frames.start() if moves else self._frames.stop()

    def _hold_begins(self) -> None:
        if self.isDown():
            self._is_held = True
            self.held.emit()

    def _theme_changed(self) -> None:
        self._follow_motion()
        self.update()

    def _repaint(self, *_: object) -> None:
        self.update()
