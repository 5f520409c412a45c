"""The word graph of any templates: exactly their sentences, deterministic, minimal, and the same from its file.

Templates are made at random together with the sentences they stand for, which are counted out here on their own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hassil.intents import Intents
from hypothesis import given, settings
from hypothesis import strategies as st

from vesper.ports.stt import Grammar, WordGraph
from vesper.understanding.grammar import FORMAT, load_grammar, spoken_graph, write_graph
from vesper.understanding.templates import SentenceTemplates

# A template and every text it stands for.
Template = tuple[str, frozenset[str]]

LISTS: Mapping[str, object] = {
    "tea": {"values": ["green", "(black|mint) tea", {"in": "oolong", "out": "o"}]},
    "level": {"range": {"from": 19, "to": 21}},
}
LIST_TEXTS: Mapping[str, frozenset[str]] = {
    "{tea}": frozenset({"green", "black tea", "mint tea", "oolong"}),
    "{level}": frozenset({"nineteen", "twenty", "twenty one"}),
}
RULE = "[a ](b|c)"
RULE_TEXTS = frozenset({"b", "c", "a b", "a c"})
LETTERS = st.sampled_from([(letter, frozenset({letter})) for letter in "abc"])
LEAVES: st.SearchStrategy[Template] = st.one_of(LETTERS, st.sampled_from([*LIST_TEXTS.items(), ("<rule>", RULE_TEXTS)]))


def _beside(parts: list[Template], glue: str) -> Template:
    texts = frozenset({""})
    for number, (_, own) in enumerate(parts):
        texts = frozenset(f"{before}{glue if number else ''}{text}" for before in texts for text in own)
    return glue.join(template for template, _ in parts), texts


def _either(parts: list[Template]) -> Template:
    return f"({'|'.join(template for template, _ in parts)})", frozenset().union(*(texts for _, texts in parts))


def _perhaps(part: Template) -> Template:
    return f"[{part[0]}]", part[1] | {""}


def _larger(inner: st.SearchStrategy[Template]) -> st.SearchStrategy[Template]:
    few = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(few.map(lambda parts: _beside(parts, " ")), few.map(_either), inner.map(_perhaps))


GLUED = st.lists(st.one_of(LETTERS, LETTERS.map(_perhaps)), min_size=2, max_size=3).map(lambda p: _beside(p, ""))
PARTS = st.recursive(st.one_of(LEAVES, GLUED), _larger, max_leaves=6)
# Every sentence has a word: one of nothing is no request.
TEMPLATES = PARTS.map(lambda part: _beside([("go", frozenset({"go"})), part], " "))
SKILLS = st.lists(st.lists(TEMPLATES, min_size=1, max_size=3), min_size=1, max_size=3)


def graph_of(skills: list[list[Template]]) -> WordGraph:
    intents = {
        str(number): {"data": [{"sentences": [template]} for template, _ in templates]}
        for number, templates in enumerate(skills)
    }
    described = {"language": "en", "intents": intents, "lists": LISTS, "expansion_rules": {"rule": RULE}}
    return spoken_graph(Intents.from_dict(described))


def sentences_of(skills: list[list[Template]]) -> set[str]:
    return {" ".join(text.split()) for templates in skills for _, texts in templates for text in texts}


def futures(graph: WordGraph) -> dict[int, frozenset[str]]:
    """What can still be said from each state that can be reached from the start."""
    leaving: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for source, target, word, _ in graph.arcs:
        leaving[source].append((target, word))
    known: dict[int, frozenset[str]] = {}

    def walk(state: int) -> frozenset[str]:
        if state not in known:
            onward = {f"{word} {rest}".strip() for target, word in leaving[state] for rest in walk(target)}
            known[state] = frozenset(onward | ({""} if state in graph.finals else set()))
        return known[state]

    walk(0)
    return known


@settings(max_examples=200, deadline=None)
@given(skills=SKILLS)
def test_it_accepts_what_the_templates_stand_for_and_nothing_else(skills: list[list[Template]]) -> None:
    assert futures(graph_of(skills))[0] == sentences_of(skills)


@settings(max_examples=150, deadline=None)
@given(skills=SKILLS)
def test_it_is_deterministic_and_minimal(skills: list[list[Template]]) -> None:
    graph = graph_of(skills)
    assert len({(source, word) for source, _, word, _ in graph.arcs}) == len(graph.arcs)
    can_follow = futures(graph)
    assert set(can_follow) == set(range(graph.states)), "every state is reached"
    assert len(set(can_follow.values())) == graph.states, "two states with one future would be one state"
    assert all(can_follow.values()), "every state leads to an end"


@settings(max_examples=150, deadline=None)
@given(skills=SKILLS)
def test_what_leaves_a_state_adds_up_to_one(skills: list[list[Template]]) -> None:
    graph = graph_of(skills)
    shares = dict.fromkeys(range(graph.states), 0.0)
    for state, weight in [*graph.finals.items(), *((source, weight) for source, _, _, weight in graph.arcs)]:
        shares[state] += math.exp(weight)
    assert list(shares.values()) == pytest.approx([1.0] * graph.states)


@settings(max_examples=50, deadline=None)
@given(skills=SKILLS)
def test_its_file_gives_it_back(skills: list[list[Template]], tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.mktemp("cache")
    made = graph_of(skills)
    loaded = kept_and_loaded(made, cache)
    assert loaded.states == made.states
    assert [arc[:3] for arc in loaded.arcs] == [arc[:3] for arc in made.arcs]
    assert [arc[3] for arc in loaded.arcs] == pytest.approx([arc[3] for arc in made.arcs], abs=0.0005 + 1e-9)
    assert loaded.finals == pytest.approx(made.finals, abs=0.0005 + 1e-9)
    assert kept_and_loaded(loaded, cache) == loaded, "weights are rounded once"


def kept_and_loaded(graph: WordGraph, cache: Path) -> WordGraph:
    templates = cast("SentenceTemplates", SimpleNamespace(language="en", key="made at random"))
    write_graph(Grammar(f"en-made at random-{FORMAT}", "en", graph), cache / "graphs")
    return load_grammar(templates, (), cache).graph
