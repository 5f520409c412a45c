"""Vesper's own words are no request."""

from __future__ import annotations

import pytest

from vesper.voice.echo import is_echo


@pytest.mark.parametrize(
    ("text", "told", "behind_s", "expected"),
    [
        ("your timer is set", "Your timer is set for 5 minutes.", -0.3, True),
        ("turn it off", "Did you say: turn it off?", 0.3, True),
        ("turn it off", "Did you say: turn it off?", 0.9, False),
        ("turn it on", "Did you say: turn it off?", 0.1, False),
        ("turn", "The night is dark. Return soon.", 0.1, False),
        ("", "Your timer is set.", 0.0, False),
        ("what time is it", "", 0.0, False),
    ],
)
def test_only_what_was_just_told_is_an_echo(text: str, told: str, behind_s: float, expected: bool) -> None:
    assert is_echo(text, told, behind_s) is expected
