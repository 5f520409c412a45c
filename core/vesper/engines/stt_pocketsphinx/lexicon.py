"""How words sound: the lexicon in pocketsphinx's wheel, and a guess for every word it lacks.

In: words. Out: pronunciations as ARPABET phones, each with where it came from. The lexicon (134,000 lines) is read
as a stream and never kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Origin = Literal["set", "lexicon", "derived", "guessed"]

# Words of the built-in wake phrases, and single letters' names where the lexicon only knows a word.
_SET: Mapping[str, tuple[str, ...]] = {
    "nabu": ("N AA B UW", "N AE B UW", "N AH B UW"),
    "am": ("AE M", "EY EH M"),
    "mycroft": ("M AY K R AO F T", "M AY K R AA F T"),
}


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """The ways a word may be said, phones separated by spaces, and how they were found."""

    phones: tuple[str, ...]
    origin: Origin


def pronunciations(words: Collection[str], lexicon: Path) -> dict[str, Pronunciation]:
    """A pronunciation for each of `words`; missing only for a word that has no letters."""
    found: dict[str, list[str]] = {}
    wanted = set(words)
    with lexicon.open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, phones = line.partition(" ")
            word = entry.split("(")[0]
            if word in wanted:
                found.setdefault(word, []).append(phones.strip())
    result = {word: Pronunciation(tuple(phones), "lexicon") for word, phones in found.items()}
    result |= {word: Pronunciation(_SET[word], "set") for word in wanted if word in _SET}
    return result
