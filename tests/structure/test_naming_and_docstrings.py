"""Names of the field, and a docstring wherever someone begins to read."""

from __future__ import annotations

import ast

from tests.structure.source import CORE, PRODUCT, TESTS, files, imported_modules, short, tree

MEANINGLESS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base_classes", "stuff"}
STANDARD_LIBRARY_ONLY = ("base/events.py",)


def test_every_file_says_what_it_is() -> None:
    silent = [short(p) for p in files(*PRODUCT, TESTS) if p.stat().st_size and not ast.get_docstring(tree(p))]
    assert silent == []


def test_no_file_is_named_for_nothing() -> None:
    named = [short(p) for p in files(*PRODUCT, TESTS) if {p.stem, *p.parent.parts} & MEANINGLESS]
    assert named == []


def test_nothing_is_left_for_later() -> None:
    marks = ("TODO", "FIXME", "XXX")
    left = [short(p) for p in files(*PRODUCT) if any(mark in p.read_text(encoding="utf-8") for mark in marks)]
    assert left == []


def test_anything_may_speak_of_events_because_they_import_nothing() -> None:
    for name in STANDARD_LIBRARY_ONLY:
        outer = {module.split(".")[0] for module in imported_modules(CORE / name)}
        assert outer <= {"__future__", "collections", "dataclasses", "typing"}
