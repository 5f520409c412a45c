"""A streamed answer, cut into what is spoken next."""

from __future__ import annotations

import pytest

from vesper.voice.clauses import LONGEST, ClauseSplitter


def split(text: str, size: int | None = None, abbreviations: tuple[str, ...] = ()) -> list[str]:
    """The clauses of a text that comes in pieces of `size` characters."""
    splitter = ClauseSplitter(abbreviations)
    step = size or max(1, len(text))
    found = [clause for start in range(0, len(text), step) for clause in splitter.feed(text[start : start + step])]
    return found + splitter.finish()


def test_a_sentence_is_spoken_when_the_next_one_begins() -> None:
    splitter = ClauseSplitter()
    assert splitter.feed("Your timer is set.") == []
    assert splitter.feed(" ") == []
    assert splitter.feed("It") == ["Your timer is set."]
    assert splitter.finish() == ["It"]


def test_the_first_clause_may_end_at_a_comma_once_enough_follows() -> None:
    splitter = ClauseSplitter()
    assert splitter.feed("In the afternoon, it will rain") == []
    assert splitter.feed(" from the west and north") == ["In the afternoon,"]


def test_later_clauses_are_whole_sentences() -> None:
    text = "It will rain today. In the afternoon, it will rain from the west and the north. Bye."
    assert split(text) == [
        "It will rain today.",
        "In the afternoon, it will rain from the west and the north.",
        "Bye.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It is 3.5 kilometres to go.",
        "Ask Dr. Brown about it.",
        "J. R. R. Tolkien wrote that.",
        "We met at 5 p.m. near the U.S. Embassy.",
        "Use the big one, e.g. the red one.",
        "Yes, sir.",
        "The file is notes.txt there.",
    ],
)
def test_marks_inside_a_sentence_do_not_end_it(text: str) -> None:
    assert split(text) == [text]


def test_known_abbreviations_do_not_end_a_sentence() -> None:
    assert split("See Prof. Brown.") == ["See Prof.", "Brown."]
    assert split("See Prof. Brown.", abbreviations=("Prof.",)) == ["See Prof. Brown."]


def test_lists_are_cut_at_their_lines_and_not_behind_their_numbers() -> None:
    assert split("1. Boil water\n2. Add tea\n") == ["1. Boil water", "2. Add tea"]


@pytest.mark.parametrize(
    "whole",
    [
        "Read [the first. And second](https://example.org/a. b) page.",
        "Type `a. b. C` there.",
        "```\nOne. Two.\nThree.\n```",
        "<think>Hm. So.</think>Yes.",
        "~~Not this. Or that.~~ This.",
    ],
)
def test_what_is_unfinished_is_held_until_it_is_whole(whole: str) -> None:
    assert split(whole + "\nNext.") == [whole, "Next."]


def test_what_never_ends_is_not_held_for_ever() -> None:
    assert len(split("[" + "word. " * 1000)) > 2


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    clauses = split("word " * 200)
    assert max(map(len, clauses)) <= LONGEST
    assert set(" ".join(clauses).split()) == {"word"}


def test_nothing_to_say_gives_no_clause() -> None:
    assert split("") == split("  \n\n ") == []


@pytest.mark.parametrize("text", ["今日は晴れです。明日は雨です。", 'Really?! Yes! "Sure." he said.'])
def test_other_marks_end_sentences_too(text: str) -> None:
    assert len(split(text)) > 1
