"""Median and 95th percentile of what is known."""

from __future__ import annotations

from vesper.evaluation.percentiles import percentiles


def test_values_that_are_not_there_do_not_count() -> None:
    assert percentiles([100.0, None, 300.0]) == {"p50": 200.0, "p95": 290.0}


def test_without_any_value_there_is_no_figure() -> None:
    assert percentiles([None]) == {"p50": None, "p95": None}
