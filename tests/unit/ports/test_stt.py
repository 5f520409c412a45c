"""What a recogniser heard of the wake phrase, and before it, is no part of the sentence."""

from __future__ import annotations

import pytest

from vesper.ports.stt import drop_prefix

PHRASES = ("okay nabu", "hey jarvis")


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("okay nabu what time is it", "what time is it"),
        ("nabu what time is it", "what time is it"),
        ("what time is it", "what time is it"),
        ("timer for okay nabu what time is it", "what time is it"),
        ("okay nabu okay nabu stop", "stop"),
        ("okay nabu", ""),
        ("", ""),
        ("add a note about okay nabu", "add a note about okay nabu"),
    ],
)
def test_the_sentence_begins_behind_the_wake_phrase(heard: str, said: str) -> None:
    assert drop_prefix(heard.split(), PHRASES) == said.split()
