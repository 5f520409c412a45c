"""The edit distance, where it is needed: between words, letters or sounds."""

from __future__ import annotations

from collections.abc import Sequence


def edits(wanted: Sequence[str], found: Sequence[str]) -> int:
    """The fewest substitutions, insertions and deletions that turn one into the other (Levenshtein)."""
    row = list(range(len(found) + 1))
    for i, one in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(found, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (one != other))
    return row[-1]
