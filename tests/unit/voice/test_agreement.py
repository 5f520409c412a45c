"""Agreement of two recognisers: how alike they sound, and what becomes of the command."""

from __future__ import annotations

import pytest

from vesper.ports.stt import Transcript
from vesper.voice.agreement import agreed, agreement


def said(text: str, sounds: str = "") -> Transcript:
    return Transcript(text, sounds=tuple(sounds.split()))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (said("turn it up"), said("turn it up"), 1.0),
        (said("turn it up"), said("turn it off"), 2 / 3),
        (said("turn it up"), said(""), 0.0),
        (said(""), said(""), 0.0),
        (said("red", "R EH D"), said("read", "R EH D"), 1.0),
        (said("mute", "M Y UW T"), said("boot", "B UW T"), 0.5),
        (said("turn it up", "T ER N"), said("turn it on"), 2 / 3),
    ],
)
def test_sounds_count_where_both_know_them_and_words_where_not(
    one: Transcript, other: Transcript, alike: float
) -> None:
    assert agreement(one, other) == pytest.approx(alike)


def test_a_command_that_both_heard_stays_with_how_sure_it_is() -> None:
    heard = agreed(said("turn it up"), said("turn it off"))
    assert (heard.text, heard.verdict, heard.confidence) == ("turn it up", "sure", 0.667)
    assert heard.alternatives == ("turn it off",)


def test_a_command_that_the_gatekeeper_did_not_hear_is_rejected_and_kept_as_a_guess() -> None:
    heard = agreed(said("cancel the timer"), said("can't she find her"))
    assert (heard.text, heard.verdict) == ("", "rejected")
    assert heard.alternatives == ("cancel the timer", "can't she find her")
    assert heard.facts["opinion"] == "can't she find her"


def test_what_was_no_command_already_stays_as_it_is() -> None:
    nothing = Transcript("", 0.0, verdict="empty")
    assert agreed(nothing, said("turn it up")) is nothing
