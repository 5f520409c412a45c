"""Whatever an answer is made of: nothing raises, nothing is lost, nothing hangs."""

from __future__ import annotations

import time
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from vesper.base.language import load_language
from vesper.voice.clauses import LONGEST_HELD, ClauseSplitter
from vesper.voice.spoken_text import SpokenText

ENGLISH = SpokenText(load_language("en"))
MARKED = st.text(st.sampled_from("ab AB12.,;:!?-*_`~[]()<>|#/\\\n$€%°@+='\"🎉…–\u00a0"), max_size=300)
ANY = st.one_of(st.text(max_size=300), MARKED)
WORDS = st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1, max_size=20)


@given(ANY)
@settings(max_examples=300, deadline=None)
def test_what_is_said_is_one_line_that_a_voice_can_say(text: str) -> None:
    said = ENGLISH.of(text)
    assert said == said.strip()
    assert not any(unicodedata.category(mark) in {"Cc", "Cs"} for mark in said)
    assert not {"`", "|", "🎉", "…", "*", "\n"} & set(said)
    assert said == "" or any(map(str.isalnum, said))


@given(WORDS)
def test_plain_words_are_said_as_they_are(words: list[str]) -> None:
    assert ENGLISH.of(" ".join(words)) == " ".join(words)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_of_day_is_said_without_a_colon(hour: int, minute: int) -> None:
    said = ENGLISH.of(f"It is {hour:02}:{minute:02}.")
    assert ":" not in said
    assert said.startswith("It is ")
    assert said.endswith(".")


@given(st.sampled_from("*[`~_<|#-> \n.,:1a@w$("), st.sampled_from([" ", "a", "1", "", "."]))
@settings(max_examples=60, deadline=None)
@example("\n", "")
@example("1", ".")
def test_ten_thousand_marks_take_no_time(mark: str, other: str) -> None:
    begun = time.process_time()
    ENGLISH.of((mark + other) * (10_000 // len(mark + other)))
    assert time.process_time() - begun < 1.0


@given(ANY, st.lists(st.integers(1, 40), max_size=30))
@settings(max_examples=300, deadline=None)
def test_clauses_lose_no_character_and_do_not_depend_on_how_the_text_came(text: str, sizes: list[int]) -> None:
    at_once, in_pieces = ClauseSplitter(), ClauseSplitter()
    whole = at_once.feed(text) + at_once.finish()
    parts: list[str] = []
    rest = text
    for size in sizes:
        parts += in_pieces.feed(rest[:size])
        rest = rest[size:]
    parts += in_pieces.feed(rest) + in_pieces.finish()
    assert parts == whole
    assert "".join("".join(whole).split()) == "".join(text.split())
    assert all(clause.strip() == clause and 0 < len(clause) <= LONGEST_HELD for clause in whole)
