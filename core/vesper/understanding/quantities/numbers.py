"""Numbers in words or digits to values: "twenty five", "a hundred and two", "two and a half", "2.5", "3rd".

Works on words (lower case, no punctuation but the point and the minus of digits), so that the readers of durations
and days can go on behind the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from vesper.base.language import LanguagePack

_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")


class NumberWords:
    """Reads the numbers of one language; the words are the pack's numbers.yaml."""

    def __init__(self, pack: LanguagePack) -> None:
        self._small = _values(pack, "small")
        self._scales = _values(pack, "scales")
        self._articles = _values(pack, "articles")
        self._fractions = _values(pack, "fractions")
        self._ordinals = _values(pack, "ordinals")
        self._joiner = frozenset(pack.entries("numbers", "joiner"))
        self._point = frozenset(pack.entries("numbers", "point"))
        endings = "|".join(pack.entries("numbers", "ordinal_endings"))
        self._ordinal_digits = re.compile(rf"(\d+)(?:{endings})?")

    def number(self, text: str) -> float | None:
        """The value of a text that is a number and nothing else; None when it is not."""
        words = text.lower().replace("-", " ").split()
        found = self.read(words, 0)
        return found[0] if found is not None and found[1] == len(words) else None

    def read(self, words: Sequence[str], start: int) -> tuple[float, int] | None:
        """The number that begins at `start`, as (value, index behind it): the longest one that makes sense."""
        whole = self._whole(words, start)
        if whole is None:
            return self._fraction(words, start, 1)
        value, end = whole
        if end < len(words) and words[end] in self._fractions:
            return value * self._fractions[words[end]], end + 1
        fraction = self._after_and(words, end)
        if fraction is not None:
            return value + fraction[0], fraction[1]
        return self._decimals(words, value, end) or whole

    def is_article(self, word: str) -> bool:
        """Whether the word can stand for one: "a", "an"."""
        return word in self._articles

    def ordinal(self, words: Sequence[str], start: int) -> tuple[int, int] | None:
        """The ordinal that begins at `start` ("third", "twenty first", "3rd", "3"), as (value, index behind it)."""
        if start >= len(words):
            return None
        if match := self._ordinal_digits.fullmatch(words[start]):
            return int(match[1]), start + 1
        if words[start] in self._ordinals:
            return int(self._ordinals[words[start]]), start + 1
        tens = self._small.get(words[start], 0)
        ones = self._ordinals.get(words[start + 1], 0) if start + 1 < len(words) else 0
        return (int(tens + ones), start + 2) if tens >= 20 and 0 < ones < 10 else None

    def _whole(self, words: Sequence[str], start: int) -> tuple[float, int] | None:
        if start < len(words) and _DIGITS.fullmatch(words[start]):
            return float(words[start].replace(",", ".")), start + 1
        total, group, end = 0.0, 0.0, start
        while end < len(words):
            word = words[end]
            if word in self._small and _fits(group, self._small[word]):
                group += self._small[word]
            elif word in self._scales and (group or end == start):
                group = max(group, 1) * self._scales[word]
                total, group = (total + group, 0.0) if self._scales[word] >= 1000 else (total, group)
            elif not self._leads_on(words, end, start, value=group + total):
                break
            elif word in self._articles:
                group = 1
            end += 1
        return (total + group, end) if end > start else None

    def _leads_on(self, words: Sequence[str], at: int, start: int, *, value: float) -> bool:
        """Whether "a" begins a number here ("a hundred"), or "and" continues one ("a hundred and two")."""
        following = words[at + 1] if at + 1 < len(words) else ""
        if words[at] in self._articles:
            return at == start and following in self._scales
        return words[at] in self._joiner and value >= 100 and following in self._small

    def _after_and(self, words: Sequence[str], end: int) -> tuple[float, int] | None:
        if end < len(words) and words[end] in self._joiner:
            found = self._fraction(words, end + 1, 0)
            return found if found is not None and found[0] < 1 else None
        return None

    def _fraction(self, words: Sequence[str], start: int, default: float) -> tuple[float, int] | None:
        """ "half", "a quarter", "three quarters"; with `default` 1 also a plain "a" or "an" as one."""
        if start >= len(words):
            return None
        first, second = words[start], words[start + 1] if start + 1 < len(words) else ""
        if first in self._fractions:
            return self._fractions[first], start + 1
        count = self._articles.get(first) or self._small.get(first)
        if count and second in self._fractions:
            return count * self._fractions[second], start + 2
        return (default, start + 1) if default and first in self._articles else None

    def _decimals(self, words: Sequence[str], value: float, end: int) -> tuple[float, int] | None:
        """ "two point five": single digits after the point."""
        if end >= len(words) or words[end] not in self._point:
            return None
        digits = ""
        at = end + 1
        while at < len(words) and (digit := self._small.get(words[at], 10)) < 10:
            digits += str(int(digit))
            at += 1
        return (float(f"{int(value)}.{digits}"), at) if digits else None


def tidy(value: float) -> int | float:
    """A whole number as int, so that slots never show 5.0."""
    return int(value) if float(value).is_integer() else value


def _fits(group: float, value: float) -> bool:
    """Whether a small number may follow: "twenty five", "hundred five", not "five twenty" or "two three"."""
    return group == 0 or (group % 100 == 0 and group >= 100) or (group % 100 >= 20 and group % 10 == 0 and value < 10)


def _values(pack: LanguagePack, key: str) -> Mapping[str, float]:
    return cast("Mapping[str, float]", pack.section("numbers", key))
