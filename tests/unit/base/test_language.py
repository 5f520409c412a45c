"""Language packs and how answers are made of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from vesper.base.errors import BadInput, Missing
from vesper.base.language import LanguagePack, Phrases, load_language

SHARED = {
    "phrases": {
        "day": "{count} {count:day|days}",
        "hour": "{count} {count:hour|hours}",
        "minute": "{count} {count:minute|minutes}",
        "second": "{count} {count:second|seconds}",
        "and": "{first} and {last}",
    }
}


def phrases(**answers: object) -> Phrases:
    return Phrases(LanguagePack("xx", {"shared": SHARED, "tea": {"intents": {}, "answers": answers}}), "tea")


def test_an_answer_is_filled_with_values_and_the_word_that_fits_the_count() -> None:
    words = phrases(set="{count} {count:timer|timers} for {name}")

    assert words.say("set", count=1, name="tea") == "1 timer for tea"
    assert words.say("set", count=3, name="tea") == "3 timers for tea"


def test_variants_are_said_in_turn() -> None:
    words = phrases(hello=["Hi.", "Hello."])

    assert [words.say("hello") for _ in range(3)] == ["Hi.", "Hello.", "Hi."]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (-3, "0 seconds"),
        (1, "1 second"),
        (90, "1 minute and 30 seconds"),
        (89.6, "1 minute and 30 seconds"),
        (3600, "1 hour"),
        (90061, "1 day, 1 hour, 1 minute and 1 second"),
    ],
)
def test_durations_in_words(seconds: float, said: str) -> None:
    assert phrases().duration(seconds) == said


def test_lists_in_words() -> None:
    words = phrases()

    assert [words.join(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(("hour", "said"), [(0, "12:05 am"), (9, "9:05 am"), (12, "12:05 pm"), (23, "11:05 pm")])
def test_english_times(hour: int, said: str) -> None:
    assert Phrases(load_language("en"), "clock").time(datetime(2026, 1, 1, hour, 5, tzinfo=UTC)) == said


def test_english_dates() -> None:
    words = Phrases(load_language("en"), "clock")

    assert words.date(date(2026, 3, 2)) == "Monday, March 2, 2026"
    assert words.date(date(2026, 3, 2), with_year=False) == "Monday, March 2"


def test_a_language_that_is_not_there_is_missing() -> None:
    for code in ("zz", "../en", ""):
        with pytest.raises(Missing):
            load_language(code)


def test_two_files_may_not_define_the_same_list() -> None:
    pack = LanguagePack("xx", {"a": {"lists": {"level": {}}}, "b": {"lists": {"level": {}}}})

    with pytest.raises(BadInput, match="level"):
        pack.merged("lists")


def test_skills_are_the_files_with_intents() -> None:
    pack = LanguagePack("xx", {"shared": {}, "tea": {"intents": {}}, "alarm": {"intents": {}}})

    assert pack.skill_names == ("alarm", "tea")
