"""The orb's pictures: a shape for every state first, its colour second, so that both tell them apart.

Shapes are drawn in a square from -1 to 1 and scaled to their place; from 72 down to 16 pixels the same drawing
serves window, tray and task bar. `phase` (0 to 1) is the place in the state's loop, `levels` the last five
loudnesses (0 to 1), newest in the middle bar.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QRadialGradient

from vesper_desktop.view_state.orb import OrbState

# Seconds of one loop of each moving state.
LOOP_S = {OrbState.HEARING: 1.2, OrbState.THINKING: 2.0, OrbState.SPEAKING: 1.6}
STILL = (0.34, 0.62, 1.0, 0.62, 0.34)
TINY_PX = 32.0
_GLOW = {OrbState.ASLEEP: 0.10, OrbState.MUTED: 0.10, OrbState.ARMED: 0.42}


@dataclass(frozen=True, slots=True)
class OrbPicture:
    """What is to be drawn."""

    state: OrbState
    colour: QColor
    phase: float = 0.0
    levels: Sequence[float] = STILL


def paint_orb(
    painter: QPainter, area: QRectF, picture: OrbPicture, *, opacity: float = 1.0, is_bare: bool = False
) -> None:
    """Draw the orb into the square `area`: halo over the whole of it, shape in its middle half.

    `is_bare`: without halo, the shape takes the whole area; so it is in tray and task bar.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(opacity)
    if not is_bare:
        _paint_halo(painter, area, picture)
    painter.translate(area.center())
    half = area.width() / 2 * (0.92 if is_bare else 0.50)
    painter.scale(half, half)
    _SHAPES[picture.state](painter, picture, 0.20 if area.width() <= TINY_PX else 0.135)
    painter.restore()


def _paint_halo(painter: QPainter, area: QRectF, picture: OrbPicture) -> None:
    loudest = max(picture.levels) if picture.state is OrbState.HEARING else 0.5
    strength = _GLOW.get(picture.state, 0.34 + 0.16 * loudest)
    halo = QRadialGradient(area.center(), area.width() / 2)
    for place, share in ((0.0, 1.0), (0.45, 0.72), (0.75, 0.22), (1.0, 0.0)):
        colour = QColor(picture.colour)
        colour.setAlphaF(strength * share)
        halo.setColorAt(place, colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(halo))
    painter.drawEllipse(area)


def _pen(picture: OrbPicture, width: float) -> QPen:
    return QPen(picture.colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _outline(painter: QPainter, picture: OrbPicture, width: float) -> None:
    painter.setPen(_pen(picture, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _fill(painter: QPainter, picture: OrbPicture) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(picture.colour)


def _asleep(painter: QPainter, picture: OrbPicture, width: float) -> None:
    _outline(painter, picture, width)
    painter.drawArc(QRectF(-0.82, -0.62, 1.64, 1.30), 200 * 16, 140 * 16)


def _armed(painter: QPainter, picture: OrbPicture, width: float) -> None:
    _outline(painter, picture, width)
    painter.drawEllipse(QPointF(0, 0), 0.86, 0.86)
    _fill(painter, picture)
    painter.drawEllipse(QPointF(0, 0), 0.22, 0.22)


def _hearing(painter: QPainter, picture: OrbPicture, width: float) -> None:
    painter.setPen(_pen(picture, width * 1.35))
    for index, (share, level) in enumerate(zip(STILL, picture.levels, strict=True)):
        x = (index - 2) * 0.38
        half = max(0.06, 0.84 * share * (0.18 + 0.82 * level))
        painter.drawLine(QPointF(x, -half), QPointF(x, half))


def _thinking(painter: QPainter, picture: OrbPicture, width: float) -> None:
    _fill(painter, picture)
    turn = picture.phase * math.tau
    for index, size in enumerate((1.0, 0.86, 0.72)):
        angle = turn + index * math.tau / 3 - math.pi / 2
        painter.drawEllipse(
            QPointF(0.58 * math.cos(angle), 0.58 * math.sin(angle)), width * 1.55 * size, width * 1.55 * size
        )


def _speaking(painter: QPainter, picture: OrbPicture, width: float) -> None:
    swell = 0.5 - 0.5 * math.cos(picture.phase * math.tau)
    _fill(painter, picture)
    painter.drawEllipse(QPointF(0, 0), 0.34 + 0.07 * swell, 0.34 + 0.07 * swell)
    _outline(painter, picture, width * 0.72)
    painter.drawEllipse(QPointF(0, 0), 0.62 + 0.04 * swell, 0.62 + 0.04 * swell)
    painter.drawEllipse(QPointF(0, 0), 0.90 + 0.03 * swell, 0.90 + 0.03 * swell)


def _muted(painter: QPainter, picture: OrbPicture, width: float) -> None:
    _outline(painter, picture, width)
    painter.drawEllipse(QPointF(0, 0), 0.86, 0.86)
    painter.drawLine(QPointF(-0.60, 0.60), QPointF(0.60, -0.60))


def _problem(painter: QPainter, picture: OrbPicture, width: float) -> None:
    _outline(painter, picture, width)
    painter.drawPolygon(QPolygonF([QPointF(0, -0.86), QPointF(0.92, 0.70), QPointF(-0.92, 0.70)]))
    painter.drawLine(QPointF(0, -0.22), QPointF(0, 0.18))
    _fill(painter, picture)
    painter.drawEllipse(QPointF(0, 0.44), width * 0.62, width * 0.62)


_SHAPES: dict[OrbState, Callable[[QPainter, OrbPicture, float], None]] = {
    OrbState.ASLEEP: _asleep,
    OrbState.ARMED: _armed,
    OrbState.HEARING: _hearing,
    OrbState.THINKING: _thinking,
    OrbState.SPEAKING: _speaking,
    OrbState.MUTED: _muted,
    OrbState.PROBLEM: _problem,
}
