"""What people say around a request: polite openings, closings and hesitation, taken off step by step.

They are data, in the pack's shared.yaml: `before`, `after` (phrases, longest first when read) and `fillers`
(single words that may stand anywhere). The spoken grammar puts the same phrases around its sentences.
"""

from __future__ import annotations

import re
import unicodedata

from vesper.base.language import LanguagePack

_NO_WORD = re.compile(r"[^\w'%$€£.,:+*/=°-]+")
_LOOSE_MARK = re.compile(r"(?<!\d)[.,:+*/=-]+(?=\s|$)|(?<=\s)[.,]+|[.,:]+(?=\s|$)|^[.,:]+")


class Wording:
    """Reads sentences of one language with and without what is only polite."""

    def __init__(self, pack: LanguagePack) -> None:
        self.spoken_before = pack.entries("shared", "spoken_before")
        self.spoken_after = pack.entries("shared", "spoken_after")
        self.before = _longest_first(pack.entries("shared", "before"))
        self.after = _longest_first(pack.entries("shared", "after"))
        self.fillers = frozenset(pack.entries("shared", "fillers"))
        self._symbols = dict(pack.section("shared", "symbols"))
        self._spellings = dict(pack.section("shared", "spellings"))

    def plain(self, text: str) -> str:
        """Lower case, one space between words, no sentence marks, common spellings made equal."""
        folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
        for symbol, word in self._symbols.items():
            folded = folded.replace(symbol, f" {word} ")
        words = _LOOSE_MARK.sub(" ", _NO_WORD.sub(" ", folded)).split()
        return " ".join(self._spellings.get(word, word) for word in words)

    def readings(self, text: str) -> list[str]:
        """The plain sentence, then ever less of it: fillers gone, then one polite phrase after the other."""
        readings = [self.plain(text)]
        readings.append(" ".join(word for word in readings[0].split() if word not in self.fillers))
        while (shorter := self._without_one(readings[-1])) is not None:
            readings.append(shorter)
        return [reading for reading in dict.fromkeys(readings) if reading]

    def _without_one(self, text: str) -> str | None:
        for phrase in self.before:
            if text.startswith(phrase + " "):
                return text[len(phrase) + 1 :]
        for phrase in self.after:
            if text.endswith(" " + phrase):
                return text[: -len(phrase) - 1]
        return None


def _longest_first(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))
