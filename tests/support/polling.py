"""Waiting for what other processes do: they send no event, so it is looked for again and again."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY_S = 0.05


def until(is_so: Callable[[], object], within: float = 40.0, what: str = "it did not come to that") -> None:
    """Wait until something is so. Raises AssertionError(`what`) when it is not within so many seconds."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(_EVERY_S)
