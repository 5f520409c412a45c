"""Durations as people say and type them, to seconds and ISO 8601.

"five minutes", "an hour and a half", "half an hour", "three quarters of an hour", "two and a half minutes",
"90 s", "5min", "1h30", "1:30:00", "2.5 minutes", "a couple of hours".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from vesper.base.language import LanguagePack
from vesper.understanding.quantities.numbers import NumberWords

_GLUED = re.compile(r"(\d)([a-z])|([a-z])(\d)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_ISO = re.compile(r"(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


class DurationReader:
    """Reads durations of one language; the words are the pack's times.yaml and numbers.yaml."""

    def __init__(self, pack: LanguagePack, numbers: NumberWords) -> None:
        self._numbers = numbers
        self._units = cast("Mapping[str, int]", pack.section("times", "units"))
        self._couple = cast("Mapping[str, int]", pack.section("times", "couple"))
        self._joiner = frozenset(pack.entries("times", "joiner"))
        self._alone = frozenset(pack.entries("times", "alone"))
        self._of = frozenset(pack.entries("times", "of"))

    def seconds(self, text: str) -> float | None:
        """The seconds of a text that is a duration and nothing else; None when it is not."""
        if match := _CLOCK.fullmatch(text.strip()):
            return _clock_seconds(match)
        words = _words(text)
        total, at = 0.0, 0
        smallest = float("inf")
        while at < len(words):
            part = self._part(words, at, smallest)
            if part is None:
                return None
            value, unit, at = part
            total, smallest = total + value, unit
            if at < len(words) and words[at] in self._joiner:
                at += 1
                if at == len(words):
                    return None
        return total if smallest < float("inf") else None

    def _part(self, words: Sequence[str], at: int, above: float) -> tuple[float, float, int] | None:
        """One count with its unit at `at`, as (seconds, unit, index behind); units go down from `above`."""
        found = self._count(words, at)
        if found is None:
            return None
        count, end = found
        unit = self._units.get(words[end], 0) if end < len(words) else 0
        if not unit:
            return self._bare(count, above, end, length=len(words))
        if unit >= above:
            return None
        end += 1
        behind = self._half_behind(words, end)
        return (count * unit, unit, end) if behind is None else ((count + behind[0]) * unit, unit, behind[1])

    def _bare(self, count: float, above: float, end: int, *, length: int) -> tuple[float, float, int] | None:
        """ "1h30": a last number without unit counts in the next smaller unit."""
        if above in {3600, 60} and end == length and count < 60 and float(count).is_integer():
            return count * above / 60, above / 60, end
        return None

    def _count(self, words: Sequence[str], at: int) -> tuple[float, int] | None:
        """The number before a unit: also "half an", "three quarters of an", "a couple of"."""
        start = at + self._numbers.is_article(words[at])
        if start < len(words) and words[start] in self._couple:
            end = start + 1
            return self._couple[words[start]], end + (end < len(words) and words[end] in self._of)
        if at == 0 and words[at] in self._alone:
            return 1, at
        found = self._numbers.read(words, at)
        if found is None:
            return None
        value, end = found
        end += end < len(words) and words[end] in self._of
        if value < 1 and end < len(words) and self._numbers.is_article(words[end]):
            end += 1
        return value, end

    def _half_behind(self, words: Sequence[str], end: int) -> tuple[float, int] | None:
        """ "an hour and a half", "two minutes and a quarter": a fraction behind the unit."""
        if end >= len(words) or words[end] not in self._joiner:
            return None
        found = self._numbers.read(words, end + 1)
        if found is None or not 0 < found[0] < 1 or (found[1] < len(words) and words[found[1]] not in self._joiner):
            return None
        return found


def iso_duration(seconds: float) -> str:
    """Seconds as ISO 8601, signed: 5400 is "PT1H30M", -30 is "-PT30S", 0 is "PT0S"."""
    sign = "-" if seconds < 0 else ""
    whole = round(abs(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    parts = "".join(f"{count}{letter}" for count, letter in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    return f"{sign}PT{parts or '0S'}"


def iso_seconds(text: str) -> float:
    """The seconds of an ISO 8601 duration without months and years, signed. Raises ValueError."""
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise ValueError(f'"{text}" is no ISO 8601 duration')
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    total = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
    return -total if match[1] else total


def _clock_seconds(match: re.Match[str]) -> float:
    """ "1:30" is minutes and seconds, as on a kitchen timer; "1:30:00" has hours."""
    first, second, third = int(match[1]), int(match[2]), match[3]
    return first * 60.0 + second if third is None else first * 3600.0 + second * 60 + int(third)


def _words(text: str) -> list[str]:
    spaced = _GLUED.sub(lambda m: f"{m[1] or m[3]} {m[2] or m[4]}", text.lower().replace("-", " "))
    spaced = _GLUED.sub(lambda m: f"{m[1] or m[3]} {m[2] or m[4]}", spaced)  # "1h30m": matches may share a letter
    return re.sub(r"(?<!\d)[.,]|[.,](?!\d)", " ", spaced).split()
