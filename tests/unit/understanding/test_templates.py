"""Sentence templates: small packs for the rules, the English pack for the promise that what is offered works."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.conversation import templates
from vesper.base.errors import BadInput
from vesper.base.language import LanguagePack, load_language
from vesper.understanding.templates import SentenceTemplates


def pack_of(content: dict[str, Any]) -> LanguagePack:
    """The English words for numbers and times, with one small skill."""
    english = {name: load_language("en").files[name] for name in ("numbers", "times")}
    shared = {"before": ["please", "could you"], "after": ["please"], "articles": ["the"], "never_names": ["timer"]}
    return LanguagePack("en", {**english, "shared": shared, "tea": content})


TEA = {
    "intents": {
        "tea.brew": [
            {"sentences": ["brew [me ](tea|coffee)[ for {duration}]", "brew {leaf:name} tea"]},
            {"sentences": ["brew everything"], "slots": {"which": "all"}},
        ],
        "tea.strength": [
            {"sentences": ["stronger by {cups:step}"]},
            {"sentences": ["weaker by {cups:step}", "shorter by {duration:step}"], "minus": ["step"]},
        ],
    },
    "lists": {
        "leaf": {"kind": "name", "values": ["green", "black"]},
        "cups": {"range": {"from": 1, "to": 20}},
        "duration": {"kind": "duration", "values": ["{cups:_} minutes"]},
    },
}


@pytest.fixture(scope="module")
def tea() -> SentenceTemplates:
    return SentenceTemplates(pack_of(TEA))


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("brew tea", "tea.brew", {}),
        ("Brew me COFFEE!", "tea.brew", {}),
        ("please could you brew tea please", "tea.brew", {}),
        ("brew tea for five minutes", "tea.brew", {"duration": "PT5M"}),
        ("brew tea for 90s", "tea.brew", {"duration": "PT1M30S"}),
        ("brew green tea", "tea.brew", {"name": "green"}),
        ("brew the oolong tea", "tea.brew", {"name": "oolong"}),
        ("brew everything", "tea.brew", {"which": "all"}),
        ("stronger by twelve", "tea.strength", {"step": 12}),
        ("stronger by 12", "tea.strength", {"step": 12}),
        ("weaker by 2", "tea.strength", {"step": -2}),
        ("shorter by two minutes", "tea.strength", {"step": "-PT2M"}),
    ],
)
def test_a_sentence_has_its_intent_and_slots(
    tea: SentenceTemplates, text: str, intent: str, slots: dict[str, Any]
) -> None:
    match = tea.match(text).matches[0]

    assert (match.intent, dict(match.slots)) == (intent, slots)


def test_whole_numbers_are_integers_however_they_are_written(tea: SentenceTemplates) -> None:
    assert repr(tea.match("stronger by 5").matches[0].slots["step"]) == "5"


@pytest.mark.parametrize("text", ["", "!?", "brew", "brew tea for ages", "brew tea tomorrow", "brew the timer tea"])
def test_what_no_template_says_is_claimed_by_nobody(tea: SentenceTemplates, text: str) -> None:
    assert tea.match(text).matches == ()


def test_a_free_value_is_less_sure_than_a_known_one(tea: SentenceTemplates) -> None:
    known, free = tea.match("brew green tea").matches[0], tea.match("brew oolong tea").matches[0]

    assert known.score == 1.0 > free.score


def test_losers_are_told_with_scores_below_certainty(tea: SentenceTemplates) -> None:
    losers = tea.match("brew it stronger").losers

    assert losers
    assert all(0 < loser.score < 1 for loser in losers)


def test_the_key_follows_the_content() -> None:
    other = {**TEA, "intents": {**TEA["intents"], "tea.brew": [{"sentences": ["brew tea"]}]}}

    assert SentenceTemplates(pack_of(TEA)).key == SentenceTemplates(pack_of(TEA)).key
    assert SentenceTemplates(pack_of(TEA)).key != SentenceTemplates(pack_of(other)).key


def test_the_kind_of_a_slot_is_known(tea: SentenceTemplates) -> None:
    assert tea.slot_kind("tea.brew", "name") == "name"
    assert tea.slot_kind("tea.strength", "nothing") == ""


@pytest.mark.parametrize(
    "content",
    [
        {"intents": {"tea.brew": []}},
        {"intents": {"tea.brew": [{"sentences": ["brew (tea|)"]}]}},
        {"intents": {"tea.brew": [{"sentences": ["brew {leaf}"]}]}, "lists": {"leaf": {}}},
    ],
)
def test_damaged_language_data_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        SentenceTemplates(pack_of(content))


def test_every_intent_of_the_english_pack_can_be_said_in_many_ways() -> None:
    def wordings(intent: str) -> int:
        return sum(template.intent == intent for template in templates().templates)

    assert {intent: wordings(intent) for intent in templates().intents.intents if wordings(intent) < 15} == {}


def test_every_example_means_its_intent() -> None:
    wrong = [
        (intent, sentence)
        for intent, sentences in templates().pack.merged("examples").items()
        for sentence in sentences
        if [match.intent for match in templates().match(sentence).matches] != [intent]
    ]

    assert wrong == []
