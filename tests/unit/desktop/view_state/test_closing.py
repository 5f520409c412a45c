"""What closing the window does."""

from __future__ import annotations

import pytest

from vesper_desktop.view_state.closing import Closing, decide_closing


@pytest.mark.parametrize(
    ("has_tray", "closes_to_tray", "was_explained", "closing"),
    [
        (True, True, False, Closing.EXPLAIN_AND_HIDE),
        (True, True, True, Closing.HIDE),
        (False, True, True, Closing.MINIMISE),
        (False, True, False, Closing.MINIMISE),
        (True, False, True, Closing.QUIT),
        (False, False, False, Closing.QUIT),
    ],
)
def test_the_window_is_hidden_only_where_a_tray_leads_back(
    has_tray: bool, closes_to_tray: bool, was_explained: bool, closing: Closing
) -> None:
    decided = decide_closing(has_tray=has_tray, closes_to_tray=closes_to_tray, was_explained=was_explained)
    assert decided is closing
