"""The sentence templates as a Grammar for speech to text: the recogniser expects exactly what the matcher accepts.

In: a language's templates. Out: a `Grammar` (`vesper.ports.stt`). Making one takes a second or more, so compiled
ones are kept: the default one comes with Vesper (`python -m vesper.ready_made` writes it), others lie in
the user's cache, each under the hash of what it was made from.

Weights say what is likely before anything was heard: every intent equally, bare answers seldom; within an intent the
templates, and within those the alternatives, the more the earlier they are written; every value of a list equally,
round numbers more. So a template with a thousand cities drowns nothing.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vesper.base.errors import BadInput
from vesper.base.paths import bundled
from vesper.ports.stt import Grammar, WordGraph
from vesper.understanding.intents import ANSWERS
from vesper.understanding.template_network import (
    Part,
    Shared,
    SpellNumber,
    Weaver,
    number_speller,
    share_of_rank,
    spoken,
)
from vesper.understanding.word_graph import SPACE, SentenceNetwork, word_graph

if TYPE_CHECKING:
    from hassil.intents import Intent, Intents

    from vesper.understanding.templates import SentenceTemplates

FORMAT = 4
"""Version of the compiled form and of the way it is made; a new number makes every cached one stale."""

# How often a request comes with "could you" in front or "please" behind.
_POLITE = 0.1
# How often an answer to a question of Vesper's is said, relative to each intent. Answers are short, so without this
# they are what everything misheard becomes.
SHARE_OF_ANSWERS = 0.05
_Dealt = list[tuple[Part, float]]
# Log probabilities are kept as thousandths.
_PRECISION = 1000


def load_grammar(templates: SentenceTemplates, prefixes: Sequence[str], cache: Path) -> Grammar:
    """The grammar of the templates: the one that comes with Vesper, else the cached one, else made and cached.

    `prefixes` are the wake phrases that may be spoken before a sentence; `cache` is the user's cache folder.
    Quick when it lies ready (a tenth of a second), else seconds: to be called in a thread.
    """
    key = _key(templates)
    kept = cache / "graphs"
    for folder in (bundled("resources/graphs"), kept):
        graph = _read(folder / f"{key}.json.gz")
        if graph:
            return replace(_grammar(templates, graph, prefixes), cache=str(kept))
    grammar = build_grammar(templates, prefixes)
    write_graph(grammar, kept)
    return replace(grammar, cache=str(kept))


def build_grammar(templates: SentenceTemplates, prefixes: Sequence[str] = ()) -> Grammar:
    """The grammar of the templates, made anew. Raises BadInput for templates that cannot be spoken."""
    around = templates.wording
    graph = spoken_graph(templates.spoken, before=around.spoken_before, after=around.spoken_after)
    return _grammar(templates, graph, prefixes)


def spoken_graph(intents: Intents, *, before: Sequence[str] = (), after: Sequence[str] = ()) -> WordGraph:
    """All sentences of the intents as a weighted word graph, with polite phrases `before` and `after` them.

    Raises BadInput("grammar.unknown_list", "grammar.unknown_rule" or "grammar.empty").
    """
    network = SentenceNetwork()
    speller = number_speller(intents.language)
    shares = [
        (parts, SHARE_OF_ANSWERS if name == ANSWERS else 1.0)
        for name, intent in intents.intents.items()
        if (parts := _templates(network, intents, intent, speller=speller))
    ]
    if not shares:
        raise BadInput("grammar.empty", "There is no sentence that could be recognised.")
    _deal(network, shares, before=_maybe(network, before), after=_maybe(network, after))
    return word_graph(network)


def _templates(network: SentenceNetwork, intents: Intents, intent: Intent, *, speller: SpellNumber) -> _Dealt:
    parts: _Dealt = []
    for_all: Shared = {}
    for rank, data in enumerate(intent.data):
        share = share_of_rank(rank)
        lists, rules = {**intents.slot_lists, **data.slot_lists}, {**intents.expansion_rules, **data.expansion_rules}
        shared = {} if data.slot_lists or data.expansion_rules else for_all
        weaver = Weaver(network, lists, rules, spell=speller, shared=shared, share=share)
        parts.extend((part, share) for part in weaver.branches(sentence.expression for sentence in data.sentences))
    return parts


def _deal(network: SentenceNetwork, shares: list[tuple[_Dealt, float]], *, before: Part, after: Part) -> None:
    """Give each intent its share of the sentences, and each template its share of the intent."""
    network.join(SentenceNetwork.START, before[0])
    for parts, of_all in shares:
        total = sum(share for _, share in parts)
        for (start, end), share in parts:
            network.join(before[1], start, SPACE, probability=of_all * share / total)
            network.join(end, after[0], SPACE, probability=share)
    network.join(after[1], SentenceNetwork.END)


def _maybe(network: SentenceNetwork, phrases: Sequence[str]) -> Part:
    """One of the phrases, or more often nothing."""
    start, end = network.node(), network.node()
    network.join(start, end, probability=1 - _POLITE if phrases else 1.0)
    for phrase in phrases:
        here = start
        for number, word in enumerate(spoken(phrase).split()):
            share = 1.0 if number else _POLITE / len(phrases)
            here = _append(network, here, SPACE if number else "", probability=share)
            here = _append(network, here, word)
        network.join(here, end)
    return start, end


def _append(network: SentenceNetwork, node: int, piece: str, *, probability: float = 1.0) -> int:
    onward = network.node()
    network.join(node, onward, piece, probability=probability)
    return onward


def _key(templates: SentenceTemplates) -> str:
    return f"{templates.language}-{templates.key}-{FORMAT}"


def _grammar(templates: SentenceTemplates, graph: WordGraph, prefixes: Sequence[str]) -> Grammar:
    return Grammar(_key(templates), templates.language, graph, tuple(map(spoken, prefixes)))


def write_graph(grammar: Grammar, folder: Path) -> Path:
    """Keep the grammar's graph in a folder under its key; an older one of the same language goes.

    Written beside and then moved, so that a reader never sees half a file. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{grammar.key}.json.gz"
    unfinished = target.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(gzip.compress(json.dumps(_as_plain(grammar.graph)).encode(), mtime=0))
    unfinished.replace(target)
    for stale in folder.glob(f"{grammar.language}-*.json.gz"):
        if stale != target:
            stale.unlink(missing_ok=True)
    return target


def _read(file: Path) -> WordGraph | None:
    """A compiled graph; None when there is none or it is damaged (then it is made anew)."""
    try:
        return _from_plain(json.loads(gzip.decompress(file.read_bytes())))
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def _as_plain(graph: WordGraph) -> dict[str, Any]:
    """Columns of integers: quick to read, and they compress well."""
    words = sorted({word for _, _, word, _ in graph.arcs})
    number = {word: position for position, word in enumerate(words)}
    return {
        "states": graph.states,
        "words": words,
        "sources": [source for source, _, _, _ in graph.arcs],
        "targets": [target for _, target, _, _ in graph.arcs],
        "spoken": [number[word] for _, _, word, _ in graph.arcs],
        "weights": [round(weight * _PRECISION) for _, _, _, weight in graph.arcs],
        "finals": [[state, round(weight * _PRECISION)] for state, weight in graph.finals.items()],
    }


def _from_plain(plain: Mapping[str, Any]) -> WordGraph:
    words: list[str] = plain["words"]
    columns: Iterable[tuple[int, int, int, int]] = zip(
        plain["sources"], plain["targets"], plain["spoken"], plain["weights"], strict=True
    )
    return WordGraph(
        states=plain["states"],
        arcs=tuple((source, target, words[word], weight / _PRECISION) for source, target, word, weight in columns),
        finals={state: weight / _PRECISION for state, weight in plain["finals"]},
    )
