"""Polite words, hesitation and spelling around a request."""

from __future__ import annotations

import pytest

from vesper.base.language import load_language
from vesper.understanding.wording import Wording

WORDING = Wording(load_language("en"))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("What's the time?", "what's the time"),
        ("What’s the time", "what's the time"),
        ("whats the time", "what's the time"),
        ("  stop ,  please!! ", "stop please"),
        ("volume 35%", "volume 35 percent"),
        ("1:30 or 2.5.", "1:30 or 2.5"),
        ("SÃO PAULO", "são paulo"),
        ("...", ""),
    ],
)
def test_a_sentence_becomes_plain(typed: str, plain: str) -> None:
    assert WORDING.plain(typed) == plain


def test_politeness_is_taken_off_step_by_step() -> None:
    readings = WORDING.readings("Hey Vesper, um, could you please stop, thanks")

    assert readings[0] == "hey vesper um could you please stop thanks"
    assert readings[-1] == "stop"


def test_a_sentence_that_is_all_politeness_keeps_its_last_word() -> None:
    assert WORDING.readings("please please")[-1] == "please"
    assert WORDING.readings("um") == ["um"]
    assert WORDING.readings("?!") == []
