"""What the voice in the box does before and without a voice (with one: tests/contract)."""

from __future__ import annotations

import importlib

import pytest

from vesper.base.errors import Missing
from vesper.engines.tts_pyttsx3 import LONGEST_PIECE, Pyttsx3TextToSpeech, pieces


def test_short_text_is_one_piece() -> None:
    assert pieces(" Hello there. ") == ["Hello there."]


def test_long_text_is_cut_at_spaces_and_loses_no_word() -> None:
    text = "several words " * 100
    found = pieces(text)
    assert max(map(len, found)) <= LONGEST_PIECE
    assert " ".join(found).split() == text.split()


def test_a_word_longer_than_a_piece_is_cut_anyway() -> None:
    assert "".join(pieces("x" * 1000)) == "x" * 1000


@pytest.mark.parametrize("text", ["", " \n", "...", "\x00\x1b", "🎉", "\ud800"])
def test_what_no_voice_can_say_is_no_piece(text: str) -> None:
    assert pieces(text) == []


def test_control_characters_become_spaces() -> None:
    assert pieces("one\x00two\ud800three") == ["one two three"]


@pytest.mark.parametrize("error", [ImportError, OSError, RuntimeError])
def test_without_a_synthesiser_the_user_is_told_how_to_install_one(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(_name: str) -> None:
        raise error

    monkeypatch.setattr(importlib, "import_module", fail)
    engine = Pyttsx3TextToSpeech()
    with pytest.raises(Missing) as failure:
        engine.open()
    engine.close()
    assert failure.value.code == "voice.missing"
    assert "espeak-ng" in failure.value.hint or "voice" in failure.value.hint
