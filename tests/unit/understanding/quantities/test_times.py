"""Durations as people say and type them."""

from __future__ import annotations

import pytest

from vesper.base.language import load_language
from vesper.understanding.quantities.numbers import NumberWords
from vesper.understanding.quantities.times import DurationReader, iso_duration, iso_seconds

PACK = load_language("en")
DURATIONS = DurationReader(PACK, NumberWords(PACK))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("five minutes", "PT5M"),
        ("an hour", "PT1H"),
        ("an hour and a half", "PT1H30M"),
        ("one and a half hours", "PT1H30M"),
        ("two hours and a half", "PT2H30M"),
        ("two and a half minutes", "PT2M30S"),
        ("half an hour", "PT30M"),
        ("half a minute", "PT30S"),
        ("a quarter of an hour", "PT15M"),
        ("quarter hour", "PT15M"),
        ("three quarters of an hour", "PT45M"),
        ("a couple of hours", "PT2H"),
        ("ninety seconds", "PT1M30S"),
        ("one hour and thirty minutes", "PT1H30M"),
        ("an hour and a half and ten seconds", "PT1H30M10S"),
        ("one hour thirty", "PT1H30M"),
        ("90 s", "PT1M30S"),
        ("90s", "PT1M30S"),
        ("5min", "PT5M"),
        ("1h30", "PT1H30M"),
        ("1h30m", "PT1H30M"),
        ("1 hr, 5 mins", "PT1H5M"),
        ("1:30", "PT1M30S"),
        ("1:30:00", "PT1H30M"),
        ("2.5 minutes", "PT2M30S"),
        ("hour", "PT1H"),
        ("two days", "PT48H"),
        ("0 minutes", "PT0S"),
    ],
)
def test_a_duration_has_its_length(text: str, iso: str) -> None:
    seconds = DURATIONS.seconds(text)

    assert seconds is not None
    assert iso_duration(seconds) == iso


@pytest.mark.parametrize(
    "text", ["", "tea", "twenty", "minutes", "an hour and", "five minutes tea", "five minutes two hours", "at five"]
)
def test_what_is_no_duration_has_none(text: str) -> None:
    assert DURATIONS.seconds(text) is None


@pytest.mark.parametrize("seconds", [0, 1, 59, 60, 3599, 3600, 86_461, -30])
def test_iso_durations_go_there_and_back(seconds: int) -> None:
    assert iso_seconds(iso_duration(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "PT", "P", "5M", "PT5X", "five minutes"])
def test_what_is_no_iso_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        iso_seconds(text)
