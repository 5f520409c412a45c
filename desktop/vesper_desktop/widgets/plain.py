"""Text, frames and windows in the theme's roles, and telling a screen reader what has changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget


def label(text: str = "", role: str = "", *, wraps: bool = False, is_centred: bool = False) -> QLabel:
    """Plain text (never markup: it may come from outside) in a role of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    if is_centred:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def frame(role: str, tone: str = "") -> QFrame:
    """A frame in a role of the style sheet: card, pill or divider."""
    made = QFrame()
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    return made


def restyle(widget: QWidget, **properties: object) -> None:
    """Change style sheet properties of a widget that is already shown."""
    if any(widget.property(name) != value for name, value in properties.items()):
        for name, value in properties.items():
            widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say `text`, after what it says just now."""
    if text:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def bring_to_front(window: QWidget) -> None:
    """Show a window before all others, as far as the desktop allows it."""
    window.show()
    window.raise_()
    window.activateWindow()
