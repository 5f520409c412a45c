"""The palettes keep the contrast they promise: 4.5:1 for text, 3:1 for marks (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import tomllib

import pytest

from vesper.base.paths import bundled
from vesper_desktop.view_state.orb import OrbState

GROUNDS = ("ground", "surface", "raised")


def theme(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((bundled("resources/themes") / f"{name}.toml").read_text(encoding="utf-8"))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["dusk", "dawn"])
def test_text_can_be_read_on_every_ground(name: str) -> None:
    colours = theme(name)["colours"]
    pairs = [(text, ground) for text in ("text", "secondary") for ground in (*GROUNDS, "own_bubble")]
    pairs += [("error", "surface"), ("good", "ground"), ("on_accent", "accent")]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("name", ["dusk", "dawn"])
def test_marks_can_be_seen_on_every_ground(name: str) -> None:
    colours = theme(name)["colours"]
    pairs = [(mark, ground) for mark in ("outline", "accent", "focus", "warning") for ground in GROUNDS]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 3.0] == []


@pytest.mark.parametrize("name", ["dusk", "dawn"])
def test_the_orb_can_be_seen_in_every_state(name: str) -> None:
    data = theme(name)
    assert set(data["orb"]) == {state.value for state in OrbState}
    assert [s for s, colour in data["orb"].items() if contrast(colour, data["colours"]["ground"]) < 4.4] == []
