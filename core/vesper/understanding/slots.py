"""The kinds of slot values: what words a slot of each kind may hold, and its normalised form (SLOTS.md).

duration: "an hour and a half" -> "PT1H30M"; day: the phrase as said, if it names a day; place: the name of a place on
the map; name: a few words that can be a name; text: any words. A value that makes no sense is None, and its template
does not match.
"""

from __future__ import annotations

from vesper.base.language import LanguagePack
from vesper.understanding.intents import SlotValue
from vesper.understanding.places import places_of
from vesper.understanding.quantities.dates import DayReader
from vesper.understanding.quantities.numbers import NumberWords, tidy
from vesper.understanding.quantities.times import DurationReader, iso_duration

_CHECKED = frozenset({"duration", "day", "number", "place"})
_LONGEST_NAME = 5


class SlotReader:
    """Reads slot values of one language."""

    def __init__(self, pack: LanguagePack) -> None:
        self.numbers = NumberWords(pack)
        self.durations = DurationReader(pack, self.numbers)
        self.days = DayReader(pack, self.numbers)
        self._places = places_of(pack)
        self._articles = frozenset(pack.entries("shared", "articles"))
        self._never_names = frozenset(pack.entries("shared", "never_names"))

    def value(self, kind: str, said: object, *, is_free: bool = True) -> SlotValue | None:
        """The normalised value of what was said; None when it cannot be one of this kind.

        `is_free`: any words may stand here, so they are looked at with suspicion.
        """
        if isinstance(said, int | float):
            return tidy(said)
        is_fixed = not kind and not is_free
        return str(said) if is_fixed else self._read(kind, str(said).strip(), is_free=is_free)

    def _read(self, kind: str, text: str, *, is_free: bool) -> SlotValue | None:
        if kind == "duration":
            seconds = self.durations.seconds(text)
            return None if seconds is None else iso_duration(seconds)
        if kind == "number":
            number = self.numbers.number(text)
            return None if number is None else tidy(number)
        if kind == "day":
            return text if self.days.is_day(text) else None
        if kind == "place" and is_free and self._places.find(text) is None:
            return None
        return self._words(kind, text) if is_free else self._bare(text)

    def doubt(self, kind: str) -> int:
        """How little a free value of this kind proves: 0 where its form was checked, more for any words."""
        return 0 if kind in _CHECKED else 1

    def _words(self, kind: str, text: str) -> str | None:
        bare = self._bare(text)
        if kind in {"text", "place"}:
            return bare or None
        words = bare.split()
        if not words or len(words) > _LONGEST_NAME or not self._never_names.isdisjoint(words):
            return None
        return None if self._is_quantity(bare) else bare

    def _is_quantity(self, text: str) -> bool:
        return self.durations.seconds(text) is not None or self.numbers.number(text) is not None

    def _bare(self, text: str) -> str:
        """Without a leading article."""
        first, _, rest = text.partition(" ")
        return rest if rest and first in self._articles else text
