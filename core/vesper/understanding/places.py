"""Any city, country or state by its name, with its time zone.

The names are resources/places/places.tsv (GeoNames, CC BY 4.0; made by make_places.py beside it, which tells its
columns), searched by halving as one text of 2.6 MB: nothing is parsed before a name is looked for.
What people call places otherwise ("nyc", "england") is the language pack's places.yaml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from vesper.base.language import LanguagePack
from vesper.base.paths import bundled

_OTHER_NAME_WEIGHT = 0.3
_RIVAL_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """A place: `name` as shown, `country` its ISO 3166 code, `region` the code within it ("*": the country itself).

    `population` weighs places of one name against each other; `zone_name` is of the IANA database. `is_own_name`:
    the name looked for is the place's own, not another one for it.
    """

    name: str
    country: str
    region: str
    zone_name: str
    population: float
    is_own_name: bool = True

    @property
    def is_country(self) -> bool:
        """Whether it is a country, whose time is its capital's."""
        return self.region == "*"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """The place meant and how it is named in an answer: with its country or region where that tells it from others."""

    place: Place
    shown: str


class Places:
    """Finds places by the names of one language."""

    def __init__(self, pack: LanguagePack) -> None:
        _table()  # read now, not within the first turn
        self._aliases = cast("Mapping[str, str]", pack.section("places", "aliases"))
        self._articles = pack.entries("shared", "articles")
        self._within = pack.entries("places", "within")
        self._with_article = {folded(name).split(" ", 1)[1]: name for name in pack.entries("places", "with_article")}

    def find(self, name: str) -> FoundPlace | None:
        """The biggest place of a name ("paris", "paris texas", "portland in maine", "the uk"); None if unknown."""
        text = self._known_as(folded(name))
        rows = list(_rows(text))
        if not rows:
            return self._find_within(text.split())
        best = max(rows, key=lambda row: row.population)
        least = best.population * _RIVAL_SHARE
        rivals = [r for r in rows if r.is_own_name and r.country != best.country and r.population >= least]
        if rivals and not best.is_country:
            return FoundPlace(best, f"{best.name}, {country_name(best.country)}")
        return FoundPlace(best, self._with_article.get(text, best.name))

    def _find_within(self, words: list[str]) -> FoundPlace | None:
        """ "paris texas": a place of the first words, in the country or region of the last ones."""
        for cut in range(len(words) - 1, 0, -1):
            area = self._known_as(" ".join(words[cut:]))
            first = words[: cut - 1] if cut > 1 and words[cut - 1] in self._within else words[:cut]
            pairs = [(city, _area_name(city, area)) for city in _rows(self._known_as(" ".join(first)))]
            inside = [(city, name) for city, name in pairs if name]
            if inside:
                city, name = max(inside, key=lambda pair: pair[0].population)
                return FoundPlace(city, f"{city.name}, {name}")
        return None

    def _known_as(self, text: str) -> str:
        for article in self._articles:
            bare = text.removeprefix(article + " ")
            if bare != text and (bare in self._aliases or next(_rows(bare), None)):
                text = bare
        return self._aliases.get(text, text)


def folded(name: str) -> str:
    """A name as the table holds it: without marks on letters, lower case, single spaces."""
    single = name.casefold().replace("ø", "o").replace("ł", "l").replace("’", "'")  # these have no parts to fall into
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", single) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9']+", " ", letters).split())


def zone_count(country: str) -> int:
    """How many time zones the cities of a country (its ISO 3166 code) keep."""
    return len(set(re.findall(rb"\t%b\t[^*\t]+\t([A-Za-z_]+/[^\t]+)\t" % country.encode(), _table())))


def country_name(code: str) -> str:
    """The name of a country by its ISO 3166 code; the code itself if there is none."""
    table = _table()
    at = table.find(f"\t{code}\t*\t".encode())
    return table[table.rfind(b"\t", 0, at) + 1 : at].decode() if at > 0 else code


def _area_name(city: Place, area: str) -> str:
    """The name of the area that the city lies in: a country, a region or its code ("dc"); "" if it lies elsewhere."""
    if city.is_country:
        return ""
    if area.upper() in {city.region, city.country}:
        return area.upper()
    around = [row for row in _rows(area) if row.country == city.country and row.name != city.name]
    return next((row.name for row in around if row.is_country or row.region == city.region), "")


def _rows(key: str) -> Iterator[Place]:
    """The table's lines of a folded name."""
    table, mark = _table(), f"{key}\t".encode()
    at = _first_line_from(mark)
    while table.startswith(mark, at):
        end = table.index(b"\n", at)
        _, name, country, region, zone, people, is_own = table[at:end].decode().split("\t")
        weight = 1 if is_own == "1" else _OTHER_NAME_WEIGHT
        yield Place(name, country, region, zone, int(people) * weight, is_own == "1")
        at = end + 1


def _first_line_from(mark: bytes) -> int:
    """Where the first line begins that is not sorted before `mark`, by halving the table."""
    table = _table()
    low, high = 1, len(table)
    while low < high:
        middle = table.rfind(b"\n", 0, (low + high) // 2) + 1
        end = table.find(b"\n", middle) + 1
        low, high = (end, high) if table[middle:end] < mark else (low, middle)
    return low


@cache
def _table() -> bytes:
    return bundled("resources/places/places.tsv").read_bytes()


@cache
def places_of(language: LanguagePack) -> Places:
    """The finder of a language, made once."""
    return Places(language)
