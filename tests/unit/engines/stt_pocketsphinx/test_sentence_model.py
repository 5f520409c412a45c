"""The trigram of a grammar's sentences: a model in ARPA's format whose probabilities add up, made once and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from vesper.engines.stt_pocketsphinx.sentence_model import kept_model, words_of, write_model
from vesper.ports.stt import Grammar, WordGraph

# "turn it on", "turn it off" and "stop".
GRAPH = WordGraph(
    4,
    ((0, 1, "turn", -0.3), (1, 2, "it", 0.0), (2, 3, "on", -0.5), (2, 3, "off", -0.9), (0, 3, "stop", -1.4)),
    {3: 0.0},
)
COMMON = {"the": 0.7, "off": 0.2, "house": 0.1}


class Model:
    """An ARPA file, read back the way every reader of the format does."""

    def __init__(self, file: Path) -> None:
        self.grams: dict[tuple[str, ...], tuple[float, float]] = {}
        self.counts: list[int] = []
        order = 0
        for line in file.read_text(encoding="utf-8").splitlines():
            fields = line.split()
            if line.startswith("ngram "):
                self.counts.append(int(line.partition("=")[2]))
            elif line.endswith("-grams:"):
                order = int(line[1])
            elif order and fields and not line.startswith("\\"):
                left_over = float(fields[order + 1]) if len(fields) > order + 1 else 0.0
                self.grams[tuple(fields[1 : order + 1])] = (10 ** float(fields[0]), 10**left_over)

    def probability(self, *gram: str) -> float:
        if gram in self.grams:
            return self.grams[gram][0]
        return self.grams.get(gram[:-1], (0.0, 1.0))[1] * self.probability(*gram[1:])


@pytest.fixture
def model(tmp_path: Path) -> Model:
    write_model(Grammar("en-key", "en", GRAPH, ("okay nabu",)), COMMON, tmp_path / "m.arpa")
    return Model(tmp_path / "m.arpa")


def test_the_header_counts_what_follows(model: Model) -> None:
    assert model.counts == [sum(len(gram) == order for gram in model.grams) for order in (1, 2, 3)]


def test_behind_every_history_the_probabilities_add_up(model: Model) -> None:
    words = [gram[0] for gram in model.grams if len(gram) == 1 and gram != ("<s>",)]
    histories: list[tuple[str, ...]] = [(), ("<s>",), ("turn",), ("turn", "it"), ("<s>", "turn"), ("house", "the")]
    for history in histories:
        assert sum(model.probability(*history, word) for word in words) == pytest.approx(1.0, abs=2e-3)


def test_sentences_are_likelier_than_other_rows_of_words(model: Model) -> None:
    assert model.probability("turn", "it", "on") > model.probability("turn", "it", "off") > 0.2
    assert model.probability("turn", "it", "house") < 0.01
    assert model.probability("<s>", "turn") > 10 * model.probability("<s>", "house")


def test_a_wake_phrase_or_its_end_may_stand_in_front(model: Model) -> None:
    assert model.probability("<s>", "_okay", "_nabu") > 0.9
    assert model.probability("<s>", "_~nabu", "turn") > 0.2


def test_its_words_are_those_of_the_sentences_of_the_phrase_and_the_common_ones(tmp_path: Path) -> None:
    write_model(Grammar("en-key", "en", GRAPH, ("okay nabu",)), COMMON, tmp_path / "m.arpa")
    marked = {"_okay", "_~okay", "_nabu", "_~nabu"}
    assert set(words_of(tmp_path / "m.arpa")) == {"turn", "it", "on", "off", "stop", "the", "house"} | marked


def test_it_is_made_once_and_an_older_one_goes(tmp_path: Path) -> None:
    asked: list[str] = []

    def common() -> dict[str, float]:
        asked.append("for common words")
        return COMMON

    first = kept_model(Grammar("en-one", "en", GRAPH), tmp_path, common)
    assert kept_model(Grammar("en-one", "en", GRAPH), tmp_path, common) == first
    assert len(asked) == 1
    other = kept_model(Grammar("en-one", "en", GRAPH, ("alexa",)), tmp_path, common)
    assert [*tmp_path.iterdir()] == [other]
    assert other != first


def test_the_same_grammar_gives_the_same_model(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_model(Grammar("en-key", "en", GRAPH, ("okay nabu",)), COMMON, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
