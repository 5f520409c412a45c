"""Which of many templates a sentence could match at all, found without trying them.

hassil tells for each template the literal pieces that any matching text must contain (clauses of pieces: one piece
of every clause). One pass over the distinct pieces finds those present; templates are looked up by their rarest
clause. Sound: a template that could match is never left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hassil.expression import Sentence
    from hassil.intents import Intents

Clauses = frozenset[frozenset[str]]


class TemplateIndex:
    """Built over (template, intent) pairs; answers with their numbers."""

    def __init__(self, templates: Sequence[tuple[Sentence, str]], intents: Intents) -> None:
        self._clauses: list[Clauses] = [
            sentence.get_required_clauses(intents.expansion_rules) for sentence, _ in templates
        ]
        self._intents = [intent for _, intent in templates]
        self._templates_of: dict[str, list[int]] = defaultdict(list)
        self._unfiltered = [number for number, clauses in enumerate(self._clauses) if not clauses]
        usage = self._usage()
        for number, clauses in enumerate(self._clauses):
            if clauses:
                rarest = min(clauses, key=lambda clause: sum(usage[piece] for piece in clause))
                for piece in rarest:
                    self._templates_of[piece].append(number)
        self._pieces = tuple(usage)
        self._weights = self._rarity()

    def possible(self, text: str) -> list[int]:
        """The templates that the text could match, in their order."""
        folded = text.casefold()
        present = {piece for piece in self._pieces if piece in folded}
        numbers = {number for piece in present for number in self._templates_of.get(piece, ())}
        fitting = [n for n in numbers if all(not present.isdisjoint(clause) for clause in self._clauses[n])]
        return sorted({*fitting, *self._unfiltered})

    def likely(self, text: str) -> list[tuple[str, float]]:
        """Intents by the share of the sentence's rare words that they use: for telling, never for claiming."""
        words = set(text.casefold().split())
        known = {word: max(self._weights[word].values()) for word in words if word in self._weights}
        total = sum(known.values()) + len(words) - len(known)
        scores: dict[str, float] = defaultdict(float)
        for word in known:
            for intent, weight in self._weights[word].items():
                scores[intent] += weight / total if total else 0.0
        ordered = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
        return [(intent, round(min(score, 0.99), 3)) for intent, score in ordered if score >= 0.2]

    def _usage(self) -> dict[str, int]:
        usage: dict[str, int] = defaultdict(int)
        for clauses in self._clauses:
            for clause in clauses:
                for piece in clause:
                    usage[piece] += 1
        return usage

    def _rarity(self) -> dict[str, dict[str, float]]:
        """Word to intent to weight: a word of few intents says more (inverse document frequency)."""
        intents_of: dict[str, set[str]] = defaultdict(set)
        for clauses, intent in zip(self._clauses, self._intents, strict=True):
            for clause in clauses:
                for piece in clause:
                    intents_of[piece].add(intent)
        count = len(set(self._intents)) or 1
        return {
            piece: dict.fromkeys(names, math.log(1 + count / len(names)) / math.log(1 + count))
            for piece, names in intents_of.items()
        }
