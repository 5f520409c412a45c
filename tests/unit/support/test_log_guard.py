"""What is logged is noticed, and what was announced is forgiven."""

from __future__ import annotations

import logging
from typing import Any

from tests.support.log_guard import guarded_log


def test_a_warning_nobody_announced_is_unexpected(expect_log: Any) -> None:
    expect_log("WARNING harbour: low tide")
    with guarded_log() as guard:
        logging.getLogger("harbour").warning("low tide")
    assert guard.unexpected() == ["WARNING harbour: low tide"]


def test_an_announced_warning_is_fine_and_one_that_never_comes_is_missing(expect_log: Any) -> None:
    expect_log("low tide")
    with guarded_log() as guard:
        guard.expect("low tide")
        guard.expect("high tide")
        logging.getLogger("harbour").warning("low tide")
    assert guard.unexpected() == []
    assert guard.missing() == ["high tide"]


def test_handlers_a_test_adds_are_taken_away_again() -> None:
    before = list(logging.getLogger().handlers)
    with guarded_log():
        logging.getLogger().addHandler(logging.NullHandler())
    assert logging.getLogger().handlers == before
