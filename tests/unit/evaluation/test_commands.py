"""How often recorded commands are understood, with a context of their own beside Vesper's sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.recorded_commands import hearing, manifest
from vesper.base.errors import BadInput
from vesper.base.language import load_language
from vesper.evaluation.command_hearing import conditions
from vesper.evaluation.commands import run, with_context

CONTEXT = {
    "intents": {"feedPet": ["feed the {pet} [with {food}]"]},
    "slots": {"pet": ["hamster", "goldfish"], "food": ["seeds", "flakes"]},
}


@pytest.fixture
def context(tmp_path: Path) -> Path:
    file = tmp_path / "context.json"
    file.write_text(json.dumps(CONTEXT))
    return file


def test_intent_and_all_slots_make_it_right(tmp_path: Path, context: Path) -> None:
    clips = manifest(
        tmp_path,
        {"said": "feed the hamster with seeds", "intent": "feedPet", "slots": {"pet": "hamster", "food": "seeds"}},
        {"said": "feed the goldfish", "intent": "feedPet", "slots": {"pet": "hamster"}},
        {"said": "what time is it", "intent": "feedPet", "slots": {"pet": "hamster"}},
        {"said": "feed the cat", "intent": "feedPet", "slots": {"pet": "goldfish"}},
    )
    result = run(hearing(with_context(load_language("en"), context)), [clips], conditions(None, [], 0))
    assert result["recordings"] == 4
    assert result["accuracy"] == {"clean": 0.25}
    assert result["intent_accuracy"] == {"clean": 0.5}
    assert result["taken_wrongly"] == {"clean": 0.5}
    assert result["rtf"] > 0


def test_noise_is_heard_besides(tmp_path: Path, context: Path) -> None:
    folder = tmp_path / "noise"
    folder.mkdir()
    clips = manifest(tmp_path, {"said": "feed the goldfish", "intent": "feedPet", "slots": {"pet": "goldfish"}})
    asked = conditions(manifest(folder, {"said": ""}), ["20"], 0)
    result = run(hearing(with_context(load_language("en"), context)), [clips], asked)
    assert list(result["accuracy"]) == ["clean", "20"]


@pytest.mark.parametrize("text", ["", "[]", '{"intents": {}}', '{"intents": {"a": 3}, "slots": {}}'])
def test_a_file_that_is_no_context_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "context.json"
    file.write_text(text)
    with pytest.raises(BadInput, match="no context"):
        with_context(load_language("en"), file)


def test_clips_without_an_intent_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="intent"):
        run(hearing(), [manifest(tmp_path, {"said": "what time is it"})], conditions(None, [], 0))
