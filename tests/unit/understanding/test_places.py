"""Places of the world by their names."""

from __future__ import annotations

import pytest

from vesper.base.language import load_language
from vesper.understanding.places import country_name, folded, places_of, zone_count

PLACES = places_of(load_language("en"))


@pytest.mark.parametrize(
    ("name", "shown", "zone"),
    [
        ("Tokyo", "Tokyo", "Asia/Tokyo"),
        ("sao paulo", "São Paulo", "America/Sao_Paulo"),
        ("paris", "Paris", "Europe/Paris"),
        ("paris texas", "Paris, Texas", "America/Chicago"),
        ("portland in maine", "Portland, Maine", "America/New_York"),
        ("london ontario", "London, Ontario", "America/Toronto"),
        ("the netherlands", "the Netherlands", "Europe/Amsterdam"),
        ("nyc", "New York City", "America/New_York"),
        ("hawaii", "Honolulu", "Pacific/Honolulu"),
        ("england", "England", "Europe/London"),
        ("washington", "Washington", "America/New_York"),
        ("xi'an", "Xi’an", "Asia/Shanghai"),
        ("zwolle", "Zwolle", "Europe/Amsterdam"),
        ("birmingham", "Birmingham, United Kingdom", "Europe/London"),
    ],
)
def test_a_place_is_found_as_people_name_it(name: str, shown: str, zone: str) -> None:
    found = PLACES.find(name)

    assert found is not None
    assert (found.shown, found.place.zone_name) == (shown, zone)


@pytest.mark.parametrize("name", ["", "narnia", "the", "paris narnia", "\t", "\n"])
def test_a_place_on_no_map_is_not_found(name: str) -> None:
    assert PLACES.find(name) is None


def test_every_spoken_place_is_on_the_map() -> None:
    spoken = load_language("en").section("places", "lists")["place"]["values"]

    assert [name for name in spoken if PLACES.find(name) is None] == []


def test_every_spoken_place_has_a_time_zone_of_this_machine() -> None:
    from zoneinfo import available_timezones

    found = [PLACES.find(name) for name in load_language("en").section("places", "lists")["place"]["values"]]

    assert {place.place.zone_name for place in found if place} <= available_timezones()


def test_names_are_folded_to_plain_letters() -> None:
    assert folded("  Łódź-Straße ") == "lodz strasse"


def test_countries() -> None:
    assert country_name("GB") == "United Kingdom"
    assert country_name("ZZ") == "ZZ"
    assert zone_count("FR") == 1 < zone_count("US")
