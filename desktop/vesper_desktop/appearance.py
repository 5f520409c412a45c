"""Whether the system wants things dark or light, and when it changes its mind.

On Linux from the Settings portal (`org.freedesktop.appearance color-scheme`: 1 dark, 2 light), since Qt itself
does not see it in every desktop; elsewhere from Qt. Where nobody knows, Vesper is dark: its orb is a light.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCall,
    QDBusPendingCallWatcher,
    QDBusVariant,
)
from PySide6.QtGui import QGuiApplication

from vesper_desktop.session_bus import session_bus

_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SETTINGS = "org.freedesktop.portal.Settings"
_NAMESPACE, _KEY = "org.freedesktop.appearance", "color-scheme"
_DARK, _LIGHT = 1, 2
ANSWER_MS = 2_000


class SystemAppearance(QObject):
    """`is_dark` as far as it is known; `changed` when it becomes known or changes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_dark = QGuiApplication.styleHints().colorScheme() is not Qt.ColorScheme.Light or _is_linux_unknown()
        self._watcher: QDBusPendingCallWatcher | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._qt_changed)

    def ask(self) -> None:
        """Ask the portal and follow it, without waiting."""
        bus = session_bus()
        if bus is None:
            return
        bus.connect(
            _PORTAL, _PATH, _SETTINGS, "SettingChanged", self, SLOT("portal_changed(QString,QString,QDBusVariant)")
        )
        message = QDBusMessage.createMethodCall(_PORTAL, _PATH, _SETTINGS, "ReadOne")
        message.setArguments([_NAMESPACE, _KEY])
        call: QDBusPendingCall = QDBusConnection.asyncCall(bus, message, ANSWER_MS)
        self._watcher = QDBusPendingCallWatcher(call, self)
        self._watcher.finished.connect(self._answered)

    @Slot(str, str, QDBusVariant)
    def portal_changed(self, namespace: str, key: str, value: QDBusVariant) -> None:
        """The portal tells of a changed setting."""
        if (namespace, key) == (_NAMESPACE, _KEY):
            self._take(value)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        arguments = watcher.reply().arguments() if not watcher.isError() else []
        if arguments:
            self._take(arguments[0])

    def _take(self, value: Any) -> None:
        while isinstance(value, QDBusVariant):
            value = value.variant()
        if value in {_DARK, _LIGHT}:
            self._become(value == _DARK)

    def _qt_changed(self, scheme: Qt.ColorScheme) -> None:
        if scheme is not Qt.ColorScheme.Unknown:
            self._become(scheme is Qt.ColorScheme.Dark)

    def _become(self, is_dark: bool) -> None:
        if is_dark != self.is_dark:
            self.is_dark = is_dark
            self.changed.emit()


def _is_linux_unknown() -> bool:
    """Qt says "light" on some Linux desktops that say nothing; the portal's answer decides there."""
    return session_bus() is not None
