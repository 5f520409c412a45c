"""The tray icon: state, menu, and a way back to the window. Never the only way to anything.

A tray may come late (the panel starts after Vesper), go, and come back (the panel crashed), and an icon made before
it never appears then: so the tray is looked for again after 2 and 5 s, every 15 s, and whenever its service changes
hands, and a new icon is made each time.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtDBus import QDBusServiceWatcher
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from vesper_desktop.actions import Actions
from vesper_desktop.session_bus import session_bus
from vesper_desktop.theme import Theme, load_palette
from vesper_desktop.view_state.orb import OrbState
from vesper_desktop.widgets.orb_painting import OrbPicture, paint_orb

PROBES_MS = (2_000, 5_000)
EVERY_MS = 15_000
SIZES = (16, 22, 24, 32, 48, 64)
SHAPE = 0.76
_WATCHER = "org.kde.StatusNotifierWatcher"


class Tray(QObject):
    """`opened` when the icon is clicked; `absent` every 15 s while there is no tray, first after 15 s."""

    opened = Signal()
    absent = Signal()

    def __init__(self, theme: Theme, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._menu = QMenu()
        theme.dress(self._menu)
        self._menu.addActions(actions.of_tray())
        self._icon: QSystemTrayIcon | None = None
        self._state = OrbState.ASLEEP
        self._words = "Vesper"
        self._watcher: QDBusServiceWatcher | None = None
        self._again = QTimer(self, interval=EVERY_MS)
        self._again.timeout.connect(self.look_again)

    @property
    def is_there(self) -> bool:
        """Whether there is a tray that shows the icon."""
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    def look(self) -> None:
        """Look for a tray now, and again later where there is none yet."""
        self._probe()
        for delay in PROBES_MS:
            QTimer.singleShot(delay, self, self._probe)
        self._again.start()
        bus = session_bus()
        if bus is not None:
            mode = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
            self._watcher = QDBusServiceWatcher(_WATCHER, bus, mode, self)
            self._watcher.serviceRegistered.connect(self._service_came)

    def show_state(self, state: OrbState, words: str) -> None:
        """Show this state as picture and tool tip."""
        if (state, words) == (self._state, self._words):
            return
        changed = state is not self._state
        self._state, self._words = state, words
        if self._icon is not None:
            self._icon.setToolTip(f"Vesper: {words}")
            if changed:
                self._icon.setIcon(tray_icon(state))

    def close(self) -> None:
        """Take the icon away."""
        self._again.stop()
        self._drop_icon()
        self._menu.deleteLater()

    def _probe(self) -> None:
        if self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._make_icon()

    def look_again(self) -> None:
        """Find a tray that has come, and tell of one that has gone; done every 15 s."""
        self._probe()
        if not self.is_there:
            self._drop_icon()
            self.absent.emit()

    def _service_came(self, *_: object) -> None:
        self._drop_icon()
        self._probe()

    def _drop_icon(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _make_icon(self) -> None:
        self._icon = QSystemTrayIcon(tray_icon(self._state), self)
        self._icon.setToolTip(f"Vesper: {self._words}")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.show()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit()


def tray_icon(state: OrbState) -> QIcon:
    """The state's shape on a dark disc of its own: a panel's colour is not known."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_picture(state, size))
    return icon


def _picture(state: OrbState, size: int) -> QPixmap:
    palette = load_palette("dusk")
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette["ground"])
        painter.drawEllipse(QRectF(0, 0, size, size))
        room = size * (1 - SHAPE) / 2
        area = QRectF(room, room, size * SHAPE, size * SHAPE)
        paint_orb(painter, area, OrbPicture(state, palette.orb[state]), is_bare=True)
    finally:
        painter.end()
    return pixmap
