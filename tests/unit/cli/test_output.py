"""What the command line prints: results on stdout, remarks on stderr, JSON one object a line."""

from __future__ import annotations

import json

import pytest

from vesper.base.errors import Missing
from vesper.cli.output import emit, emit_error, note, say, table

Captured = pytest.CaptureFixture[str]


def test_results_and_remarks_go_their_own_ways(capsys: Captured) -> None:
    say("It's 3:05 pm.")
    note("One moment.")
    assert capsys.readouterr() == ("It's 3:05 pm.\n", "One moment.\n")


def test_json_keeps_every_letter_and_stays_on_one_line(capsys: Captured) -> None:
    emit({"text": "Zürich\nnow"})
    assert capsys.readouterr().out == '{"text": "Zürich\\nnow"}\n'


def test_an_error_is_a_sentence_and_a_hint_or_an_object(capsys: Captured) -> None:
    error = Missing("voice.missing", "No voice is installed.", "Install espeak-ng.")
    emit_error(error, as_json=False)
    assert capsys.readouterr() == ("", "No voice is installed. Install espeak-ng.\n")
    emit_error(error, as_json=True)
    told = capsys.readouterr()
    assert (json.loads(told.out), told.err) == ({"error": error.as_dict()}, "")


def test_an_error_without_a_hint_ends_with_its_sentence(capsys: Captured) -> None:
    emit_error(Missing("voice.missing", "No voice is installed."), as_json=False)
    assert capsys.readouterr().err == "No voice is installed.\n"


def test_columns_are_aligned_and_end_where_their_text_does() -> None:
    assert table([("name", "value", "note"), ("a", "long value", ""), ("bb", "", "x")]) == (
        "name  value       note\na     long value\nbb                x"
    )
    assert table([]) == ""
