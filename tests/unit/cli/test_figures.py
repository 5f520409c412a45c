"""How figures are printed, and how far a measurement is told to be."""

from __future__ import annotations

import json

import pytest

from vesper.cli.figures import print_figures, progress


def test_json_is_one_object_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures({"p50": 1.5, "by": {"0": None}}, as_json=True)
    out = capsys.readouterr().out
    assert (json.loads(out), out.count("\n")) == ({"p50": 1.5, "by": {"0": None}}, 1)


def test_a_table_has_a_row_for_each_figure(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures({"engine": "e", "accuracy": 0.5}, as_json=False)
    assert capsys.readouterr().out.splitlines() == ["engine    e", "accuracy  0.5"]


def test_progress_is_told_at_every_tenth_of_the_way_and_never_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    tell = progress("clips")
    for done in range(1, 101):
        tell(done, 100)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [f"{n} of 100 clips" for n in range(10, 101, 10)]
