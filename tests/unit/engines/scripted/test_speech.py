"""The scripted recogniser trusts what its grammar knows."""

from __future__ import annotations

import pytest

from vesper.engines.scripted.speech import ScriptedSpeechToText
from vesper.engines.scripted.tones import spoken
from vesper.ports.stt import Grammar, WordGraph

GRAPH = WordGraph(3, ((0, 1, "stop", 0.0), (1, 2, "timer", 0.0)), {1: 0.0, 2: 0.0})
GRAMMAR = Grammar("key", "en", GRAPH, ("okay nabu",))


@pytest.fixture
def engine() -> ScriptedSpeechToText:
    engine = ScriptedSpeechToText()
    assert engine.load(GRAMMAR).words == 2
    return engine


def test_a_sentence_of_the_grammar_is_sure_and_comes_without_the_wake_phrase(engine: ScriptedSpeechToText) -> None:
    found = engine.recognise(spoken("okay nabu stop timer"))
    assert (found.text, found.verdict) == ("stop timer", "sure")


@pytest.mark.parametrize(("said", "verdict"), [("play timer", "rejected"), ("timer", "rejected"), ("", "empty")])
def test_other_words_are_rejected_and_none_is_empty(engine: ScriptedSpeechToText, said: str, verdict: str) -> None:
    found = engine.recognise(spoken(said))
    assert (found.text, found.verdict) == ("", verdict)


def test_partials_tell_whether_the_sentence_is_complete_and_may_go_on(engine: ScriptedSpeechToText) -> None:
    stream = engine.start()
    assert not stream.partial().is_complete
    stream.feed(spoken("stop "))
    assert (stream.partial().is_complete, stream.partial().can_go_on) == (True, True)
    stream.feed(spoken("x"))
    assert not stream.partial().is_complete


def test_a_whole_utterance_fed_live_ends_as_the_same_text(engine: ScriptedSpeechToText) -> None:
    stream = engine.start()
    stream.feed(spoken("stop timer"))
    assert not stream.partial().can_go_on
    assert stream.finish().text == "stop timer"


def test_without_a_grammar_everything_is_a_sentence() -> None:
    assert ScriptedSpeechToText().recognise(spoken("anything goes")).text == "anything goes"
