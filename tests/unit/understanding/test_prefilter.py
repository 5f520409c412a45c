"""The prefilter leaves out what cannot match and never what can."""

from __future__ import annotations

from hassil.intents import Intents

from vesper.understanding.prefilter import TemplateIndex

SENTENCES = ["set [a] timer", "(stop|end) it", "turn the light[s] on", "[please]"]


def index() -> TemplateIndex:
    intents = Intents.from_dict({"language": "en", "intents": {"all": {"data": [{"sentences": SENTENCES}]}}})
    parsed = intents.intents["all"].data[0].sentences
    return TemplateIndex([(sentence, f"intent {number}") for number, sentence in enumerate(parsed)], intents)


def test_a_template_is_possible_when_all_it_needs_is_there() -> None:
    assert index().possible("set a timer") == [0, 3]
    assert index().possible("end it") == [1, 3]
    assert index().possible("turn the lights on") == [2, 3]


def test_a_template_that_needs_nothing_is_always_possible() -> None:
    assert index().possible("") == [3]


def test_likely_intents_are_those_of_the_rare_words() -> None:
    likely = index().likely("which timer did you set")

    assert likely[0][0] == "intent 0"
    assert 0 < likely[0][1] < 1
    assert index().likely("") == []
