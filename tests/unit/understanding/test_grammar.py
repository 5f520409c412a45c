"""The sentence templates as a word graph: what can be walked in it is what the matcher accepts."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hassil.intents import Intents

from vesper.base.errors import BadInput
from vesper.ports.stt import WordGraph
from vesper.understanding.grammar import SHARE_OF_ANSWERS, build_grammar, load_grammar, spoken_graph, write_graph
from vesper.understanding.intents import ANSWERS
from vesper.understanding.template_network import number_speller
from vesper.understanding.templates import SentenceTemplates
from vesper.understanding.word_graph import SentenceNetwork, word_graph


def graph_of(*sentences: str, **lists: object) -> WordGraph:
    named = {name: value for name, value in lists.items()}
    return spoken_graph(
        Intents.from_dict(
            {"language": "en", "intents": {"it": {"data": [{"sentences": list(sentences)}]}}, "lists": named}
        )
    )


def sentences_of(graph: WordGraph) -> set[str]:
    """Every sentence of an acyclic graph."""
    leaving: dict[int, list[tuple[int, str]]] = {}
    for source, target, word, _ in graph.arcs:
        leaving.setdefault(source, []).append((target, word))

    def walk(state: int, words: tuple[str, ...]) -> set[str]:
        here = {" ".join(words)} if state in graph.finals else set()
        return here.union(*(walk(target, (*words, word)) for target, word in leaving.get(state, [])))

    return walk(0, ())


def test_options_and_alternatives_are_all_paths() -> None:
    assert sentences_of(graph_of("(turn|switch) it on[ now]")) == {
        "turn it on",
        "switch it on",
        "turn it on now",
        "switch it on now",
    }


def test_a_range_is_spelled_in_words() -> None:
    graph = graph_of("volume {level}", level={"range": {"from": 20, "to": 22}})
    assert sentences_of(graph) == {"volume twenty", "volume twenty one", "volume twenty two"}


def test_a_list_gives_its_values() -> None:
    graph = graph_of("{name} timer", name={"values": ["pizza", {"in": "(green|black) tea", "out": "tea"}]})
    assert sentences_of(graph) == {"pizza timer", "green tea timer", "black tea timer"}


def test_what_follows_a_list_in_one_template_is_not_heard_behind_it_in_another() -> None:
    graph = graph_of("delete the {name} timer", "turn the {name} timer off", name={"values": ["tea", "egg"]})
    assert sentences_of(graph) == {
        "delete the tea timer",
        "delete the egg timer",
        "turn the tea timer off",
        "turn the egg timer off",
    }


def test_equal_endings_share_their_states() -> None:
    apart = graph_of("open the left door", "close the left door")
    assert apart.states == 5


def test_from_every_state_the_shares_add_up_to_one() -> None:
    graph = graph_of("(turn|switch) it (on|off)[ now]", "stop")
    for state in range(graph.states):
        share = sum(math.exp(weight) for source, _, _, weight in graph.arcs if source == state)
        share += math.exp(graph.finals[state]) if state in graph.finals else 0.0
        assert share == pytest.approx(1.0, abs=0.01)


def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(BadInput, match="no sentence"):
        spoken_graph(Intents.from_dict({"language": "en", "intents": {}}))


def test_numbers_are_spelled_as_the_language_does() -> None:
    assert "twenty five" in number_speller("en")(25)


def test_a_network_with_a_detour_becomes_deterministic() -> None:
    network = SentenceNetwork()
    for word in ("on", "on", "off"):
        node = network.node()
        network.join(SentenceNetwork.START, node, word)
        network.join(node, SentenceNetwork.END)
    graph = word_graph(network)
    assert sorted(word for _, _, word, _ in graph.arcs) == ["off", "on"]


def test_only_what_is_marked_spoken_is_listened_for() -> None:
    templates = SentenceTemplates("en")
    spoken = sum(len(intent.data) for intent in templates.spoken.intents.values())
    assert spoken < sum(len(intent.data) for intent in templates.intents.intents.values()) / 2
    assert set(templates.spoken.intents) == {*templates.intents.intents, "answers"}
    assert len(build_grammar(templates).graph.arcs) < 30_000


def test_a_compiled_grammar_is_read_back_as_it_was(tmp_path: Path) -> None:
    templates = SentenceTemplates("en")
    built = build_grammar(templates, ("okay nabu",))
    write_graph(built, tmp_path / "graphs")
    loaded = load_grammar(templates, ("okay nabu",), tmp_path)
    assert (loaded.key, loaded.prefixes) == (built.key, ("okay nabu",))
    assert {arc[:3] for arc in loaded.graph.arcs} == {arc[:3] for arc in built.graph.arcs}


def test_the_answer_to_a_question_is_listened_for_and_is_no_request() -> None:
    templates = SentenceTemplates("en")
    answers = {sentence for sentence in sentences_of(spoken_graph_of(templates, "answers")) if "minutes" in sentence}
    assert "five minutes" in answers
    assert templates.match("five minutes").matches == ()


def test_a_bare_answer_is_expected_far_less_than_a_request() -> None:
    said = {"light": {"data": [{"sentences": ["on"]}]}, ANSWERS: {"data": [{"sentences": ["five"]}]}}
    arcs = spoken_graph(Intents.from_dict({"language": "en", "intents": said})).arcs
    weight = {word: math.exp(weight) for _, _, word, weight in arcs}
    assert weight["five"] / weight["on"] == pytest.approx(SHARE_OF_ANSWERS)
    assert SHARE_OF_ANSWERS < 0.2


def spoken_graph_of(templates: SentenceTemplates, intent: str) -> WordGraph:
    """The graph of one of the spoken intents."""
    spoken = templates.spoken
    only = Intents(
        language="en",
        intents={intent: spoken.intents[intent]},
        slot_lists=spoken.slot_lists,
        expansion_rules=spoken.expansion_rules,
    )
    return spoken_graph(only)
