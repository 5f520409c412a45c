"""Dates, times, money, percent, units and long numbers, as one says them. Pure; the words come from `speech.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from vesper.base.language import LanguagePack

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ISO_DATE = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?:T(?=\d)|(?![\w-]))")
_DOT_DATE = re.compile(r"(?<![\w.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\w)")
_SLASH_DATE = re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\w/])")
_TIME = re.compile(r"(?<![\w:.])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?:[ \u202f]?([aApP])\.?[mM]\b\.?)?(?![\w:])")
_HOUR = re.compile(r"(?<![\w:.,])(1[0-2]|[1-9])[ \u202f]?([aApP])\.?[mM]\b\.?(?!\w)")
_RANGE = re.compile(r"(?<![\w.,-])(\d{1,4}(?:\.\d+)?)(\s?[%°])?(?:\s?–\s?|-)(\d{1,4}(?:\.\d+)?)(?![\w-]|[.,]\d)")
_PERCENT = re.compile(rf"(?<![\d.,])({_NUMBER})\s?%")
_PARTS = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+){2,})(?![\w])")
_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])")
_DIGITS = re.compile(r"(?<![\w.,])(?:\d{7,}|0\d+)(?![\w,]|\.\d)")


class SpokenQuantities:
    """Says one language's quantities."""

    def __init__(self, pack: LanguagePack) -> None:
        def data(key: str) -> Mapping[str, Any]:
            return pack.section("speech", key)

        self._word, self._times, self._dates, self._years = (data(k) for k in ("words", "times", "dates", "years"))
        self._suffixes, self._ordinals, self._money, self._units = (
            data(k) for k in ("suffixes", "ordinals", "money", "units")
        )
        self._magnitudes = data("magnitudes")
        self._joined_money = str(pack.files.get("speech", {}).get("joined_money", "{whole} {part}"))
        self._months = pack.entries("speech", "months")
        self._month_year = _any_of(self._months, r"(?<!\w){0}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\w)")
        magnitude = "|".join(map(re.escape, [*self._magnitudes, *map(str, self._magnitudes.values())]))
        tail = rf"(?:\s?({magnitude or '(?!)'})(?!\w))?"
        signs = "|".join(map(re.escape, self._money)) or "(?!)"
        self._sign_first = re.compile(rf"(?:(?<!\w)[A-Z]{{1,2}})?({signs})\s?({_NUMBER}){tail}")
        self._sign_last = re.compile(rf"(?<![\w.])({_NUMBER})\s?({signs})(?!\w)")
        unit = "|".join(map(re.escape, sorted(self._units, key=len, reverse=True))) or "(?!)"
        # A single letter needs a space before it: the 80s, 5G and 4x4 are no measures.
        space = r"(?:[ \u00a0\u202f]|(?=[°µ]|[^\W\d]{2}|[^\W\d][²³/]))"
        self._measure = re.compile(rf"(?<![\w.,])({_NUMBER}){space}({unit})(?:/({unit}))?(?![\w²³°])")
        self._fractions = data("fractions")
        fractions = "|".join(map(re.escape, self._fractions)) or "(?!)"
        self._fraction = re.compile(rf"(?<![\w/.,])(?:(\d+)\s?(?=\D|\d/))?({fractions})(?![\w/])")

    def of(self, text: str) -> str:
        """The text with every quantity as it is said."""
        text = _ISO_DATE.sub(lambda f: self._date(f, year=f[1], month=f[2], day=f[3]) + " ", text)
        text = _DOT_DATE.sub(lambda f: self._date(f, year=f[3], month=f[2], day=f[1]), text)
        text = _SLASH_DATE.sub(self._slash_date, text)
        text = self._month_year.sub(lambda f: f[0][: -len(f[1])] + self._year(f[1]), text)
        if self._times:
            text = _HOUR.sub(lambda f: f"{f[1]} {self._suffix(f[2])}", _TIME.sub(self._time, text))
        text = self._sign_first.sub(lambda f: self._amount(f[1], f[2], f[3]), text)
        text = self._sign_last.sub(lambda f: self._amount(f[2], f[1], None), text)
        text = _RANGE.sub(rf"\1\2 {self._word.get('to', '-')} \3", text)
        text = _PERCENT.sub(rf"\1 {self._word.get('percent', '%')}", text)
        text = self._fraction.sub(self._part_of_one, text)
        text = self._measure.sub(lambda f: self._measured(f[1], f[2], f[3]), text)
        text = _PARTS.sub(lambda f: f[1].replace(".", f" {self._word.get('dot', '.')} "), text)
        text = _DIGITS.sub(lambda f: " ".join(f[0]), text)
        return _GROUPED.sub(lambda f: f[0].replace(",", ""), text)

    def _date(self, found: re.Match[str], *, year: str, month: str, day: str) -> str:
        if not (1 <= int(month) <= len(self._months) and 1 <= int(day) <= 31):
            return found[0]
        number = str(int(day))
        ordinal = number + str(self._ordinals.get(number, self._ordinals.get("other", "")))
        name = self._months[int(month) - 1]
        return str(self._dates["full"]).format(month=name, day=ordinal, year=self._year(year))

    def _slash_date(self, found: re.Match[str]) -> str:
        """Day and month only where they cannot be mistaken; else the figures, in their order."""
        first, second, year = found.groups()
        if int(first) > 12 >= int(second):
            return self._date(found, year=year, month=second, day=first)
        if int(second) > 12 >= int(first):
            return self._date(found, year=year, month=first, day=second)
        return f"{int(first)}, {int(second)}, {self._year(year)}"

    def _year(self, year: str) -> str:
        """1984 as 19 84, 1905 as 19 oh 5; the years around 2000 as the number they are."""
        century, rest = divmod(int(year), 100)
        if not 11 <= century <= 20 or (century == 20 and rest < 10) or not self._years:
            return year
        form = "hundred" if rest == 0 else "oh" if rest < 10 else "plain"
        return str(self._years[form]).format(century=century, rest=rest)

    def _time(self, found: re.Match[str]) -> str:
        hour, minute, seconds, half = found.groups()
        said = self._hour_and_minute(int(hour), int(minute), half is not None)
        if seconds is not None and int(seconds):
            said = str(self._times["seconds"]).format(time=said, seconds=int(seconds))
        return f"{said} {self._suffix(half)}{_stop_of(found)}" if half else said

    def _hour_and_minute(self, hour: int, minute: int, has_suffix: bool) -> str:
        if minute:
            return str(self._times["oh" if minute < 10 else "plain"]).format(hour=hour, minute=minute)
        if has_suffix:
            return str(hour)
        if hour in {0, 24}:
            return str(self._times["midnight"])
        return str(self._times["whole" if hour <= 12 else "late"]).format(hour=hour)

    def _suffix(self, letter: str) -> str:
        return str(self._suffixes.get(f"{letter.lower()}m", ""))

    def _amount(self, sign: str, number: str, magnitude: str | None) -> str:
        one, many, part_one, part_many = self._money[sign]
        plain = number.replace(",", "")
        whole, _, part = plain.partition(".")
        if magnitude:
            return f"{plain} {self._magnitudes.get(magnitude, magnitude)} {many}"
        if len(part) != 2 or not part_many:
            return f"{plain} {one if plain == '1' else many}"
        said_whole = f"{whole} {one if whole == '1' else many}"
        said_part = f"{int(part)} {part_one if int(part) == 1 else part_many}"
        if not int(part):
            return said_whole
        return self._joined_money.format(whole=said_whole, part=said_part) if int(whole) else said_part

    def _part_of_one(self, found: re.Match[str]) -> str:
        whole = f"{found[1]} {self._word.get('and', '+')} " if found[1] else ""
        return whole + str(self._fractions[found[2]])

    def _measured(self, number: str, unit: str, per: str | None) -> str:
        names: Sequence[str] = self._units[unit]
        said = f"{number} {names[0] if number == '1' else names[1]}"
        return f"{said} {self._word.get('per', '/')} {self._units[per][0]}" if per else said


def _any_of(words: Sequence[str], pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.format("(?:" + ("|".join(map(re.escape, words)) or "(?!)") + ")"))


def _stop_of(found: re.Match[str]) -> str:
    """The full stop of "p.m." when it also ended the text."""
    return "." if found[0].endswith(".") and not found.string[found.end() :].strip() else ""
