"""Agreement of the recognisers: how alike they heard, and what becomes of the command."""

from __future__ import annotations

import pytest

from vesper.ports.stt import Transcript
from vesper.voice.agreement import Opinions, agreed, agreement, is_too_noisy, is_very_noisy


def said(text: str, sounds: str = "") -> Transcript:
    return Transcript(text, sounds=tuple(sounds.split()))


@pytest.mark.parametrize(
    ("command", "reading", "alike"),
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
    command: Transcript, reading: Transcript, alike: float
) -> None:
    assert agreement(command, Opinions([reading])) == pytest.approx(alike)


def test_the_likeliest_reading_counts_as_much_as_all_of_them() -> None:
    command, other = said("louder please"), said("ladder")
    assert agreement(command, Opinions([command, other])) == pytest.approx((1 + 1 / 2) / 2)
    assert agreement(command, Opinions([other, command])) == pytest.approx((0 + 1 / 2) / 2)


def test_what_was_heard_live_counts_less_than_the_gatekeeper() -> None:
    command = said("turn it up")
    nothing_live = agreement(command, Opinions([command], [""]))
    nothing_else = agreement(command, Opinions([], ["turn it up"]))
    assert agreement(command, Opinions([command], ["turn it up"])) == 1
    assert 0.5 < nothing_live < 1
    assert 0 < nothing_else < 0.5
    assert agreement(command, Opinions([])) == 0


def test_of_what_was_heard_live_the_likest_counts() -> None:
    command = said("turn it up")
    assert agreement(command, Opinions([command], ["turn it up", "turn it off"])) == 1
    assert agreement(command, Opinions([command], ["", "turn it up"])) == 1
    assert agreement(command, Opinions([command], [])) == agreement(command, Opinions([command], [""]))


def test_a_command_that_all_heard_stays_with_how_sure_it_is() -> None:
    heard = agreed(said("turn it up"), Opinions([said("turn it off")], ["turn it up"]))
    assert (heard.text, heard.verdict) == ("turn it up", "sure")
    assert heard.confidence == pytest.approx((2 / 3 + 0.3) / 1.3, abs=1e-3)
    assert heard.alternatives == ("turn it off",)


def test_a_command_that_was_half_heard_is_unsure() -> None:
    heard = agreed(said("turn it way up"), Opinions([said("turn it off")], ["turn"]))
    assert (heard.text, heard.verdict) == ("turn it way up", "unsure")


def test_a_command_that_nobody_else_heard_is_rejected_and_kept_as_a_guess() -> None:
    heard = agreed(said("cancel the timer"), Opinions([said("can't she find her")], ["cancel"]))
    assert (heard.text, heard.verdict) == ("", "rejected")
    assert heard.alternatives == ("cancel the timer", "can't she find her")
    assert (heard.facts["opinion"], heard.facts["live"]) == ("can't she find her", ["cancel"])


def test_what_was_no_command_already_stays_as_it_is() -> None:
    nothing = Transcript("", 0.0, verdict="empty")
    assert agreed(nothing, Opinions([said("turn it up")], ["turn it up"])) is nothing


def test_in_noise_more_must_have_been_heard() -> None:
    command, readings = said("turn it up"), [said("turn it off")]
    in_quiet = agreed(command, Opinions(readings, [""], snr_db=25.0))
    in_noise = agreed(command, Opinions(readings, [""], snr_db=12.0))
    surely = agreed(command, Opinions([command], [""], snr_db=12.0))
    assert [heard.verdict for heard in (in_quiet, in_noise, surely)] == ["sure", "unsure", "sure"]


def test_in_much_noise_it_must_also_be_heard_with_the_noise() -> None:
    command = said("turn it up")
    verdicts = [
        agreed(command, Opinions([command], ["turn it up"], unclean, 4.0)).verdict
        for unclean in (command, said("turn it off"), said(""))
    ]
    assert verdicts == ["sure", "unsure", "unsure"]


def test_noise_is_why_nothing_was_understood_where_there_is_much_of_it() -> None:
    assert [is_too_noisy(snr_db) for snr_db in (None, 20.0, 3.0)] == [False, False, True]
    assert [is_very_noisy(snr_db) for snr_db in (20.0, 6.0)] == [False, True]
