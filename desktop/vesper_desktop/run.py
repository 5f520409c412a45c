"""The window's life, from start to end.

Start: the few settings that the first picture needs → Qt and theme → the window (or the first-run check)
painted → the core in its thread, the tray, and what the desktop says of dark and light. So nothing heavy is
imported before there is something to see.
End: windows and tray go at once, then the window's tasks, then the core; SIGTERM takes the same way.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from vesper.base.clock import SystemClock
from vesper.base.errors import unexpected
from vesper.base.events import Event, Problem
from vesper.base.paths import UserPaths, bundled
from vesper_desktop.assistant_port import MakeAssistant, MakeServer
from vesper_desktop.bridge import Bridge
from vesper_desktop.desktop import Desktop
from vesper_desktop.interpreter import smooth_start
from vesper_desktop.view_state.first_look import WindowPreferences, read_preferences

# Where a window system never paints a window that is covered, the core starts all the same.
LATEST_CORE_START_MS = 1_500
_log = logging.getLogger(__name__)


def has_display() -> bool:
    """Whether a window can be shown; False on a Linux machine without a display."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run_desktop(make: MakeAssistant, serve: MakeServer, paths: UserPaths, *, hidden: bool = False) -> int:
    """Show Vesper and run it until it is quit; returns the exit code.

    `make` and `serve` are called in the core's thread, after the first paint. `hidden`: in the tray, without a
    window.
    """
    preferences = read_preferences(paths.settings_file)
    app = make_app(preferences)
    smooth_start(app)
    bridge = Bridge(app)
    desktop = Desktop(app, bridge, preferences, clock=SystemClock())
    start = Start(desktop, lambda: bridge.start_core(make, serve), bridge.tell, is_hidden=hidden)
    sys.excepthook = start.tell_bug
    bridge.run_until_quit(app, start.open, desktop.close)
    return 0


def make_app(preferences: WindowPreferences) -> QApplication:
    """Qt's application with Vesper's name, icon and language."""
    app = QApplication.instance() or QApplication(["vesper"])
    assert isinstance(app, QApplication)
    app.setApplicationName("vesper")
    app.setApplicationDisplayName("Vesper")
    QGuiApplication.setDesktopFileName("vesper")
    app.setWindowIcon(QIcon(str(bundled("resources/icons/vesper.svg"))))
    # The end is decided in one place: a closed window is no end.
    app.setQuitOnLastWindowClosed(False)
    _speak(app, preferences.general_language)
    return app


class Start(QObject):
    """The order of the start: first something to see, then the core."""

    def __init__(
        self, desktop: Desktop, start_core: Callable[[], None], tell: Callable[[Event], None], *, is_hidden: bool
    ) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._start_core = start_core
        self._tell = tell
        self._is_hidden = is_hidden
        self._has_started = False

    def open(self) -> None:
        """Show the first window; the rest follows its first paint."""
        self._desktop.painted.connect(self._go_on)
        self._desktop.open(is_hidden=self._is_hidden)
        QTimer.singleShot(0 if self._is_hidden else LATEST_CORE_START_MS, self, self._go_on)

    def tell_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An exception that nobody caught, in a slot for instance: logged, and shown as one calm sentence."""
        _log.error("uncaught in the window", exc_info=(kind, error, trace))
        known = unexpected(error)
        self._tell(Problem(code=known.code, sentence=known.sentence, hint=known.hint))

    def _go_on(self) -> None:
        if not self._has_started:
            self._has_started = True
            _log.info("the first window is painted")  # `vesper bench start` waits for this line
            self._start_core()
            self._desktop.look_around()


def _speak(app: QApplication, language: str) -> None:
    """Vesper's own words and Qt's in the user's language, where there is a translation; and its direction."""
    own = QTranslator(app)
    if not own.load(str(bundled("resources/languages") / language / "vesper_desktop.qm")):
        return
    app.installTranslator(own)
    qt = QTranslator(app)
    if qt.load(QLocale(language), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
    app.setLayoutDirection(QLocale(language).textDirection())
