"""The sentences of `eval spoken` and how trials are drawn from them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from vesper.base.errors import BadInput
from vesper.evaluation.spoken_plan import Sentence, SpokenQuestion, Trial, read_sentences, trials

FAMILIES = {
    "clock.time", "clock.date", "timer.set", "timer.cancel", "timer.pause", "timer.resume", "timer.remaining",
    "timer.change", "cancel", "repeat", "volume", "speech.rate", "help",
}  # fmt: skip
FOUR = [Sentence(text, intent) for text, intent in (("a", "help"), ("b", "help"), ("c", "cancel"), ("d", "cancel"))]


def test_twenty_sentences_come_with_vesper_for_each_first_skill() -> None:
    assert Counter(sentence.group for sentence in read_sentences(None)) == dict.fromkeys(FAMILIES, 20)


def test_no_sentence_comes_twice() -> None:
    texts = [sentence.text for sentence in read_sentences(None)]
    assert len(set(texts)) == len(texts)


def test_a_sentence_of_a_file_needs_only_text_and_intent(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"text": "stop", "intent": "cancel"}\n\n{"text": "x", "intent": "y", "slots": {"z": 1}}\n')
    assert read_sentences(path) == [Sentence("stop", "cancel"), Sentence("x", "y", {"z": 1})]


def test_a_line_that_is_no_sentence_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"text": "stop", "intent": "cancel"}\n{"text": "stop"}\n')
    with pytest.raises(BadInput, match="Line 2"):
        read_sentences(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_sentences(tmp_path / "none.jsonl")


def drawn(**asked: object) -> list[Trial]:
    usual = {"voices": ("v", "w"), "rates": (140, 170), "gaps_ms": (0, 300), "snr_db": ("clean", "20"), "count": 0}
    return trials(SpokenQuestion(**{**usual, **asked}), FOUR)  # type: ignore[arg-type]


def test_without_a_count_of_its_own_every_combination_is_heard_once() -> None:
    every = [(t.sentence.text, t.voice, t.gap_ms, t.snr) for t in drawn()]
    assert len(every) == len(set(every)) == 4 * 2 * 2 * 2 * 2


def test_every_condition_hears_the_same_sentences_in_the_same_voices() -> None:
    said = {}
    for trial in drawn(count=16):
        said.setdefault((trial.gap_ms, trial.snr), []).append((trial.sentence, trial.voice))
    assert len(said) == 4
    assert len({str(pairs) for pairs in said.values()}) == 1


def test_a_small_sample_is_even_over_groups_and_voices() -> None:
    sample = drawn(count=16)
    assert set(Counter(trial.sentence.intent for trial in sample).values()) == {8}
    assert set(Counter(trial.voice for trial in sample).values()) == {4}


def test_a_file_is_heard_whole_unless_a_count_is_given(tmp_path: Path) -> None:
    asked = drawn(count=None, sentences=tmp_path / "own.jsonl")
    assert Counter(trial.sentence.text for trial in asked) == dict.fromkeys("abcd", 4)


def test_the_same_seed_draws_the_same_trials() -> None:
    assert drawn(count=8, seed=3) == drawn(count=8, seed=3)


def test_a_ratio_is_kept_as_it_was_given() -> None:
    assert {(trial.snr, trial.snr_db) for trial in drawn()} == {("clean", None), ("20", 20.0)}
