"""Word and character error rates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.speech import faint_noise, write_wav
from vesper.base.edits import edits
from vesper.base.errors import BadInput
from vesper.evaluation.speech import plain, run
from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo
from vesper.ports.stt import SpeechToTextEngine, Transcript


def manifest(folder: Path, *texts: tuple[str, str]) -> Path:
    """A manifest whose clips hold noise: what is recognised comes from a script."""
    lines = []
    for number, (text, language) in enumerate(texts):
        write_wav(folder / f"{number}.wav", faint_noise(0.5))
        lines.append(json.dumps({"audio": f"{number}.wav", "text": text, "language": language}))
    path = folder / "clips.jsonl"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("wanted", "found", "count"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "a c", 1),
        ("a b", "a x b", 1),
        ("a b", "a x", 1),
        ("", "a b", 2),
        ("a b", "", 2),
    ],
)
def test_an_edit_is_a_word_replaced_added_or_missing(wanted: str, found: str, count: int) -> None:
    assert edits(wanted.split(), found.split()) == count


def test_case_and_punctuation_do_not_count() -> None:
    assert plain("It’s Five, o'clock!") == plain("it's five o'clock")


class HearsTheSame:
    """A recogniser that understands the same words in everything."""

    info = EngineInfo("parrot")

    def recognise(self, samples: Samples) -> Transcript:
        return Transcript("one two")


def judged(folder: Path, *texts: tuple[str, str], language: str | None = None) -> dict[str, Any]:
    return run(cast(SpeechToTextEngine, HearsTheSame()), [manifest(folder, *texts)], language=language)


def test_rates_are_edits_over_the_length_of_what_was_said(tmp_path: Path) -> None:
    figures = judged(tmp_path, ("One two.", "en"), ("one two three four", "en"))
    assert {name: figures[name] for name in ("engine", "clips", "words", "wer")} == {
        "engine": "parrot",
        "clips": 2,
        "words": 6,
        "wer": round(2 / 6, 4),
    }
    assert figures["cer"] == pytest.approx(11 / 25, abs=1e-3)


def test_languages_are_told_apart(tmp_path: Path) -> None:
    figures = judged(tmp_path, ("one two", "en"), ("eins zwei", "de"))
    assert {name: part["wer"] for name, part in figures["by_language"].items()} == {"de": 1.0, "en": 0.0}


def test_other_languages_can_be_left_out(tmp_path: Path) -> None:
    assert judged(tmp_path, ("one two", "en"), ("eins zwei", "de"), language="de")["clips"] == 1


def test_clips_without_text_cannot_be_judged(tmp_path: Path) -> None:
    path = tmp_path / "clips.jsonl"
    path.write_text('{"audio": "0.wav"}')
    with pytest.raises(BadInput, match="no clips with text"):
        run(cast(SpeechToTextEngine, HearsTheSame()), [path])
