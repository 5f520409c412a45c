"""The dates of holidays in a year, computed from rules that are language data.

A rule is "MM-DD" (fixed), "easter+N" or "easter-N" (days from Easter Sunday, Gregorian), "WEEKDAY N MONTH" (the
N-th weekday of a month, 0 = Monday; N = -1 is the last one), "advent" (the fourth Sunday before Christmas Day).
"""

from __future__ import annotations

from datetime import date, timedelta


def holiday_in(rule: str, year: int) -> date:
    """The day a rule names in a year. Raises ValueError for a rule of another form."""
    if rule == "advent":
        christmas = date(year, 12, 25)
        return christmas - timedelta(days=christmas.weekday() + 1 + 21)
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter") or 0))
    parts = rule.split()
    if len(parts) == 3:
        weekday, count, month = (int(part) for part in parts)
        return _nth_weekday(year, month, weekday, count=count)
    return date.fromisoformat(f"{year}-{rule}")


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of 1876, in Meeus, Astronomical Algorithms)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, leap_rest = divmod(century, 4)
    shift = (century + 8) // 25
    drift = (century - shift + 1) // 3
    epact = (19 * golden + century - leaps - drift + 15) % 30
    quarters, last = divmod(rest, 4)
    sunday = (32 + 2 * leap_rest + 2 * quarters - epact - last) % 7
    late = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _nth_weekday(year: int, month: int, weekday: int, *, count: int) -> date:
    if count < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
