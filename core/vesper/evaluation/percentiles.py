"""Median and 95th percentile, the two figures that every delay is told by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def percentiles(values: Sequence[float | None]) -> dict[str, float | None]:
    """{"p50", "p95"} of the values that are there; None where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return {"p50": None, "p95": None}
    return {"p50": round(float(np.percentile(known, 50)), 1), "p95": round(float(np.percentile(known, 95)), 1)}
