"""The one list of what can be done: from it come menus, tray, shortcuts and the list of shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from vesper_desktop.theme import Theme


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """`shortcut` as Qt writes it ("" for none); `in_tray`: whether the tray's menu has it."""

    id: str
    title: str
    shortcut: str
    icon: str
    in_tray: bool = False
    is_switch: bool = False


ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo("open", QT_TRANSLATE_NOOP("Actions", "Show Vesper"), "", "window", in_tray=True),
    ActionInfo("talk", QT_TRANSLATE_NOOP("Actions", "Talk now"), "Ctrl+T", "listen", in_tray=True),
    ActionInfo(
        "mute", QT_TRANSLATE_NOOP("Actions", "Microphone off"), "Ctrl+M", "microphone-off", in_tray=True, is_switch=True
    ),
    ActionInfo("stop", QT_TRANSLATE_NOOP("Actions", "Stop"), "Esc", "stop", in_tray=True),
    ActionInfo("type", QT_TRANSLATE_NOOP("Actions", "Type to Vesper"), "Ctrl+L", "keyboard"),
    ActionInfo("why", QT_TRANSLATE_NOOP("Actions", "Why no answer?"), "F2", "question"),
    ActionInfo("settings", QT_TRANSLATE_NOOP("Actions", "Settings"), "Ctrl+,", "settings", in_tray=True),
    ActionInfo("check", QT_TRANSLATE_NOOP("Actions", "Check microphone and voice"), "", "check-up"),
    ActionInfo("keys", QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"), "F1", "keyboard"),
    ActionInfo("close", QT_TRANSLATE_NOOP("Actions", "Close the window"), "Ctrl+W", "close"),
    ActionInfo("quit", QT_TRANSLATE_NOOP("Actions", "Quit Vesper"), "Ctrl+Q", "quit", in_tray=True),
)


def title_of(info: ActionInfo) -> str:
    """The action's name in the user's language."""
    return QCoreApplication.translate("Actions", info.title)


def shortcut_of(action_id: str) -> str:
    """The action's key as this system writes it; "" for none."""
    shortcut = next(info.shortcut for info in ACTIONS if info.id == action_id)
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


class Actions(QObject):
    """The actions as Qt's objects, each bound to the callable that `doers` names for its id."""

    def __init__(self, theme: Theme, doers: Mapping[str, Callable[[], None]], parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = {info.id: self._made(info, doers[info.id]) for info in ACTIONS}
        theme.changed.connect(self._show_icons)
        self._show_icons()

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def all(self) -> list[QAction]:
        """Every action, in the order of the list."""
        return list(self._actions.values())

    def of_tray(self) -> list[QAction]:
        """Those in the tray's menu: everything that matters while no window is open."""
        return [self._actions[info.id] for info in ACTIONS if info.in_tray]

    def _made(self, info: ActionInfo, doer: Callable[[], None]) -> QAction:
        action = QAction(title_of(info), self)
        action.setShortcut(QKeySequence(info.shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(info.is_switch)
        action.triggered.connect(doer)
        return action

    def _show_icons(self) -> None:
        for info in ACTIONS:
            self._actions[info.id].setIcon(self._theme.icon(info.icon, "secondary"))
