"""The looks: the two palettes, type sizes, spacing, motion, the style sheet, and icons in the theme's colours.

Colours and the style sheet are data in `resources/themes`, icons in `resources/icons` (drawn with
`currentColor`). The system's own style is set aside for Fusion with a palette and sheet of our own, in both
themes: half of each would be dark text on a dark ground.
"""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget
from shiboken6 import isValid

from vesper.base.paths import bundled
from vesper_desktop.view_state.orb import OrbState

# Distances in pixels at scale 1.0: 4 8 12 16 24 32 48.
GAP_XS, GAP_S, GAP_M, GAP, GAP_L, GAP_XL = 4, 8, 12, 16, 24, 32
TYPE_PX = {"caption": 12, "secondary": 13, "body": 15, "title": 18, "screen": 24, "hero": 32}
LINE_HEIGHT = 1.45
PRESS_MS, FADE_MS, PANEL_MS, REDUCED_FADE_MS = 90, 160, 240, 90
FRAME_MS = 33
# 16 and 20 pixels at the scales 1, 1.25, 1.5 and 2; each size more is paid at the change of the theme.
ICON_SIZES = (16, 20, 24, 25, 30, 32, 40)
SYSTEM_FONT_PX = 13.0


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. `colours` by role and `orb` by state, as in its file."""

    name: str
    is_dark: bool
    colours: dict[str, QColor]
    orb: dict[OrbState, QColor]

    def __getitem__(self, role: str) -> QColor:
        return self.colours[role]


@cache
def load_palette(name: str) -> Palette:
    """The palette "dusk" or "dawn"."""
    data: dict[str, Any] = tomllib.loads(_bundled_text(f"themes/{name}.toml"))
    return Palette(
        name=data["name"],
        is_dark=data["is_dark"],
        colours={role: QColor(value) for role, value in data["colours"].items()},
        orb={OrbState(state): QColor(value) for state, value in data["orb"].items()},
    )


class Theme(QObject):
    """The theme in use. `changed` tells what paints itself; everything else follows the style sheet.

    The sheet belongs to each window (`dress`), never to the application: set there, Qt restyled a window of settings
    in 40 ms, and all widgets of the application in 135 ms. After a change one window is dressed in each turn of Qt's
    loop, those on show first, so that keys and clicks pass in between.
    """

    changed = Signal()

    def __init__(self, app: QApplication, *, is_dark: bool = True, reduced_motion: bool = False) -> None:
        super().__init__(app)
        self._app = app
        self._scale = _font_scale(app)
        self.palette = load_palette("dusk" if is_dark else "dawn")
        self.reduced_motion = reduced_motion
        self._sheet = ""
        self._dressed: WeakSet[QWidget] = WeakSet()
        self._undressed: list[QWidget] = []
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._dress_next)
        app.setStyle(QStyleFactory.create("Fusion"))
        body = QFont(app.font())
        body.setPixelSize(self.px("body"))
        app.setFont(body)
        self._apply()

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet, now and after each change; its children inherit it."""
        window.setStyleSheet(self._sheet)
        self._dressed.add(window)

    def choose(self, *, is_dark: bool) -> None:
        """Change to the dark or the light palette."""
        palette = load_palette("dusk" if is_dark else "dawn")
        if palette is not self.palette:
            self.palette = palette
            self._apply()
            self._undressed = sorted(filter(isValid, self._dressed), key=QWidget.isVisible)
            self._next.start()

    def calm(self, reduced_motion: bool) -> None:
        """Show less motion, or all of it."""
        if reduced_motion != self.reduced_motion:
            self.reduced_motion = reduced_motion
            self.changed.emit()

    def px(self, role: str) -> int:
        """A type size in pixels, scaled with the system's font."""
        return round(TYPE_PX[role] * self._scale)

    def font(self, role: str, *, is_strong: bool = False) -> QFont:
        """A font of the scale; `is_strong` for weight 600."""
        font = QFont(self._app.font())
        font.setPixelSize(self.px(role))
        font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
        return font

    def icon(self, name: str, role: str = "text", *, disabled: str = "outline") -> QIcon:
        """The icon `name` in the colour `role`."""
        return _icon(name, self.palette[role].name(), self.palette[disabled].name())

    def _apply(self) -> None:
        self._sheet = self._made_sheet()
        self._app.setPalette(_qt_palette(self.palette))
        self.changed.emit()

    def _dress_next(self) -> None:
        if not self._undressed:
            self._next.stop()
            return
        window = self._undressed.pop()
        if isValid(window):
            window.setStyleSheet(self._sheet)

    def _made_sheet(self) -> str:
        template = string.Template(_bundled_text("themes/vesper.qss"))
        sizes = {f"px_{role}": str(self.px(role)) for role in TYPE_PX}
        colours = {role: colour.name() for role, colour in self.palette.colours.items()}
        shade = "dark" if self.palette.is_dark else "light"
        drawings = {f"icon_{way}": f"{_icon_folder()}/{way}-{shade}.svg" for way in ("up", "down", "check")}
        return template.substitute(sizes | colours | drawings)


def _font_scale(app: QApplication) -> float:
    """How much larger than usual the user has set the system's font."""
    return min(2.0, max(0.9, QFontInfo(app.font()).pixelSize() / SYSTEM_FONT_PX))


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    qt = QPalette()
    pairs = {
        role.Window: "ground",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "raised",
        role.Text: "text",
        role.PlaceholderText: "secondary",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "error",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Link: "accent",
        role.Mid: "outline",
    }
    for qt_role, name in pairs.items():
        qt.setColor(qt_role, palette[name])
    for qt_role in (role.WindowText, role.Text, role.ButtonText):
        qt.setColor(QPalette.ColorGroup.Disabled, qt_role, palette["outline"])
    return qt


@cache
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    icon = QIcon()
    for mode, shown in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        drawing = _bundled_text(f"icons/{name}.svg").replace("currentColor", shown)
        renderer = QSvgRenderer(QByteArray(drawing.encode()))
        for size in ICON_SIZES:
            icon.addPixmap(_pixmap(renderer, size), mode)
    return icon


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    """A drawing at its exact size: Qt's own SVG icons come out blurred at fractional scales."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        renderer.render(painter, QRectF(0, 0, size, size))
    finally:
        painter.end()
    return pixmap


@cache
def _bundled_text(name: str) -> str:
    """A small text among the resources, read once."""
    return (bundled("resources") / name).read_text(encoding="utf-8")


@cache
def _icon_folder() -> str:
    return bundled("resources/icons").as_posix()
