"""Days as people say them, to dates: "tomorrow", "next friday", "the 3rd of may", "may third 2027", "in two weeks",
"650 days from now", "christmas", "easter next year". The words are the pack's times.yaml.

A day without a year is the coming one: the 3rd of May said in June is next year's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import cast

from vesper.base.language import LanguagePack
from vesper.understanding.quantities.holidays import holiday_in
from vesper.understanding.quantities.numbers import NumberWords

_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ANY_DAY = date(2026, 1, 1)
_FARTHEST_DAYS = 3_000_000
_WORD_SETS = ("next", "last", "this", "forward", "leading")

_Reader = Callable[[list[str], date], "date | None"]


class DayReader:
    """Reads days of one language."""

    def __init__(self, pack: LanguagePack, numbers: NumberWords) -> None:
        self._numbers = numbers
        self._near = _table(pack, "near_days")
        self._phrases = _table(pack, "near_phrases")
        self._weekdays = _table(pack, "weekdays")
        self._months = _table(pack, "months")
        self._holidays = cast("Mapping[str, str]", pack.section("times", "holidays"))
        self._units = cast("Mapping[str, str]", pack.section("times", "calendar_units"))
        self._ahead = [phrase.split() for phrase in pack.entries("times", "ahead")]
        self._behind = [phrase.split() for phrase in pack.entries("times", "behind")]
        self._sets = {key: frozenset(pack.entries("times", key)) for key in _WORD_SETS}
        self._around = self._sets["next"] | self._sets["this"]
        self._readers: tuple[_Reader, ...] = (
            self._near_day,
            self._distance,
            self._holiday,
            self._weekday,
            self._month_day,
            self._neighbour,
            self._day_of_this_month,
        )

    def day(self, text: str, today: date) -> date | None:
        """The day that a text names, seen from `today`; None when it names none."""
        if match := _ISO_DATE.fullmatch(text.strip()):
            return _date(int(match[1]), int(match[2]), int(match[3]))
        words = text.lower().replace(",", " ").replace("’", "'").split()
        for start in range(len(words)):
            for reader in self._readers:
                found = reader(words[start:], today)
                if found is not None:
                    return found
            if words[start] not in self._sets["leading"]:
                break
        return None

    def is_day(self, text: str) -> bool:
        """Whether a text names a day."""
        return self.day(text, _ANY_DAY) is not None

    def past_day(self, text: str, today: date) -> date | None:
        """The last day of this name that is over: "christmas" in March is the one of last year."""
        found = self.day(text, today)
        if found is None or found <= today:
            return found
        earlier = self.day(text, _moved(today, -1, "year") or today)
        return earlier if earlier is not None and earlier <= today else found

    def is_near(self, text: str) -> bool:
        """Whether a text is a word of its own for a day around today ("tomorrow")."""
        return self._near_day(text.lower().split(), _ANY_DAY) is not None

    def is_holiday(self, text: str) -> bool:
        """Whether a text names a holiday (and not a plain date)."""
        return bool(self.holiday_name(text))

    def holiday_name(self, text: str) -> str:
        """The holiday's name within a text, without "next" before and a year behind it; "" when it names none."""
        words, _ = self._year_behind(text.lower().replace("’", "'").split(), _ANY_DAY)
        for start in range(min(2, len(words))):
            name = " ".join(words[start:])
            if name in self._holidays and (not start or words[0] in self._around):
                return name
        return ""

    def _near_day(self, words: list[str], today: date) -> date | None:
        text = " ".join(words)
        distance = self._near.get(text, self._phrases.get(text))
        return None if distance is None else today + timedelta(days=distance)

    def _distance(self, words: list[str], today: date) -> date | None:
        """ "in three weeks", "650 days from now", "two months ago"."""
        for sign, endings in ((1, self._ahead), (-1, self._behind)):
            for ending in endings:
                if words[-len(ending) :] == ending:
                    return self._moved(words[: -len(ending)], today, sign)
        return self._moved(words[1:], today, 1) if words and words[0] in self._sets["forward"] else None

    def _moved(self, words: list[str], today: date, sign: int) -> date | None:
        found = self._numbers.read(words, 0)
        if found is None or found[1] != len(words) - 1 or not float(found[0]).is_integer():
            return None
        unit = self._units.get(words[-1], "")
        count = sign * int(found[0])
        if not unit or abs(count) > _FARTHEST_DAYS:
            return None
        return _moved(today, count, unit)

    def _holiday(self, words: list[str], today: date) -> date | None:
        words, year = self._year_behind(words, today)
        rule = self._holidays.get(" ".join(words))
        if rule is None and words and words[0] in self._around:
            rule = self._holidays.get(" ".join(words[1:]))
        return None if rule is None else _coming(lambda y: holiday_in(rule, y), today, year)

    def _weekday(self, words: list[str], today: date) -> date | None:
        """ "friday" is the coming one; "next friday" is the one of next week; "last friday" the one before today."""
        if words[:1] and words[0] in self._sets["this"]:
            words = [word for word in words if word not in self._sets["this"]]
        if not words or words[-1] not in self._weekdays or len(words) > 2:
            return None
        distance = (self._weekdays[words[-1]] - today.weekday()) % 7
        first = words[0] if len(words) == 2 else ""
        if first in self._sets["last"]:
            return today - timedelta(days=(today.weekday() - self._weekdays[words[-1]]) % 7 or 7)
        if first in self._sets["next"]:
            monday = today - timedelta(days=today.weekday())
            return monday + timedelta(days=7 + self._weekdays[words[-1]])
        return None if first else today + timedelta(days=distance or 7)

    def _month_day(self, words: list[str], today: date) -> date | None:
        """ "3rd of may", "may the third", "may 3 2027"."""
        words, year = self._year_behind(words, today)
        plain = [word for word in words if word not in self._sets["leading"]]
        month_at = next((n for n, word in enumerate(plain) if word in self._months), -1)
        if month_at < 0:
            return None
        month = self._months[plain[month_at]]
        rest = plain[:month_at] + plain[month_at + 1 :]
        number = self._numbers.ordinal(rest, 0) or self._cardinal(rest)
        if number is None or number[1] != len(rest):
            return None
        return _coming(lambda y: _date(y, month, number[0]), today, year)

    def _neighbour(self, words: list[str], today: date) -> date | None:
        """ "next week", "last month", "next year": the same day of it."""
        if len(words) != 2 or words[1] not in self._units:
            return None
        sign = (words[0] in self._sets["next"]) - (words[0] in self._sets["last"])
        return _moved(today, sign, self._units[words[1]]) if sign else None

    def _day_of_this_month(self, words: list[str], today: date) -> date | None:
        """ "the 21st": the coming one."""
        number = self._numbers.ordinal(words, 0)
        if number is None or number[1] != len(words) or words[0].isdigit():
            return None
        for months in range(12):
            first = _moved(today.replace(day=1), months, "month")
            day = _date(first.year, first.month, number[0]) if first else None
            if day is not None and day >= today:
                return day
        return None

    def _cardinal(self, words: list[str]) -> tuple[int, int] | None:
        found = self._numbers.read(words, 0)
        return None if found is None or found[0] > 31 else (int(found[0]), found[1])

    def _year_behind(self, words: list[str], today: date) -> tuple[list[str], int | None]:
        """The words before a year ("2027", "twenty twenty seven", "next year", "this year"), and the year."""
        if len(words) >= 3 and self._units.get(words[-1]) == "year":
            if words[-2] in self._sets["next"]:
                return words[:-2], today.year + 1
            if words[-2] in self._sets["this"]:
                return words[:-2], today.year
        for count in (1, 2, 3):
            year = self._spoken_year(words[-count:]) if len(words) > count else None
            if year is not None:
                return [w for w in words[:-count]], year
        return words, None

    def _spoken_year(self, words: Sequence[str]) -> int | None:
        if len(words) == 1:
            return int(words[0]) if re.fullmatch(r"(?:19|20|21)\d\d", words[0]) else None
        first, second = self._numbers.number(words[0]), self._numbers.number(" ".join(words[1:]))
        if first not in {19, 20, 21} or second is None or not 10 <= second <= 99:
            return None
        return int(first * 100 + second)


@cache
def day_reader(pack: LanguagePack) -> DayReader:
    """The reader of a language, made once."""
    return DayReader(pack, NumberWords(pack))


def _coming(day_in: Callable[[int], date | None], today: date, year: int | None) -> date | None:
    """The day in the year given, or the first one from today on (leap days may be years away)."""
    if year is not None:
        return day_in(year)
    for candidate in range(today.year, today.year + 9):
        found = day_in(candidate)
        if found is not None and found >= today:
            return found
    return None


def _moved(day: date, count: int, unit: str) -> date | None:
    """The day `count` units away; in a shorter month its last day. None beyond the calendar's years."""
    if unit in {"day", "week"}:
        try:
            return day + timedelta(days=count * (7 if unit == "week" else 1))
        except OverflowError:
            return None
    years, month = divmod(day.month - 1 + (count if unit == "month" else 12 * count), 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _table(pack: LanguagePack, key: str) -> Mapping[str, int]:
    return cast("Mapping[str, int]", pack.section("times", key))
