"""What is compiled before the first start lies where it is looked for, so that nobody waits for it later."""

from __future__ import annotations

from pathlib import Path

import pytest

from vesper import ready_made
from vesper.engines.stt_pocketsphinx import sentence_model
from vesper.ports.stt import Grammar, WordGraph

GRAPH = WordGraph(2, ((0, 1, "stop", 0.0),), {1: 0.0})


def test_it_is_found_again_without_being_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(_templates: object, prefixes: tuple[str, ...]) -> Grammar:
        return Grammar("en-key", "en", GRAPH, tuple(prefixes))

    def nothing() -> dict[str, float]:
        raise AssertionError("made again")

    monkeypatch.setattr(ready_made, "build_grammar", small)
    for module in (ready_made, sentence_model):
        monkeypatch.setattr(module, "bundled", tmp_path.joinpath)
    ready_made.make()
    folder = tmp_path / "resources/graphs"
    assert (folder / "en-key.json.gz").exists()
    [model] = folder.glob("*.arpa")
    wanted = Grammar("en-key", "en", GRAPH, ready_made.Settings().wake.phrases)
    assert sentence_model.kept_model(wanted, tmp_path / "cache", nothing) == model
