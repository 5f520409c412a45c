"""What closing the window does: a pure table."""

from __future__ import annotations

from enum import Enum


class Closing(Enum):
    """What happens when the user closes the main window."""

    HIDE = "hide"
    EXPLAIN_AND_HIDE = "explain"
    MINIMISE = "minimise"
    QUIT = "quit"


def decide_closing(*, has_tray: bool, closes_to_tray: bool, was_explained: bool) -> Closing:
    """Without a tray the window is never hidden: nothing would lead back to it."""
    if not closes_to_tray:
        return Closing.QUIT
    if not has_tray:
        return Closing.MINIMISE
    return Closing.HIDE if was_explained else Closing.EXPLAIN_AND_HIDE
