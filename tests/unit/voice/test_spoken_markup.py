"""Structure made for the eye is taken out of what is said."""

from __future__ import annotations

import pytest

from vesper.voice.spoken_markup import without_markup


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("plain words stay as they are.", "plain words stay as they are."),
        ("a *small* **bold** `code` word", "a small bold code word"),
        ("read [this page](https://example.org)", "read this page"),
        ("<p>Fish &amp; chips</p>", "Fish & chips"),
        ("2 < 3", "2 < 3"),
    ],
)
def test_marks_go_and_words_stay(shown: str, said: str) -> None:
    assert without_markup(shown, code="There is code.").strip() == said


def test_a_block_of_code_is_named_and_not_read_out() -> None:
    said = without_markup("Try:\n```sh\nrm -rf /\n```\nThen wait.", code="There is code.")
    assert "There is code." in said
    assert "rm" not in said


def test_list_items_end_like_sentences_so_that_the_voice_pauses() -> None:
    assert without_markup("- milk\n- bread", code="").split() == ["milk.", "bread."]
