"""The desktop's session bus (D-Bus), where there is one: asked without waiting, so that the window never does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtDBus import QDBusConnection


def session_bus() -> QDBusConnection | None:
    """The connected session bus, or None.

    Qt would start a bus of its own where none is announced; Vesper never does.
    """
    if not sys.platform.startswith("linux"):
        return None
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not (runtime and (Path(runtime) / "bus").exists()):
        return None
    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None
