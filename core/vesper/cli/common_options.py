"""The common options, wherever a person writes them: `vesper ask --home DIR …` is `vesper --home DIR ask …`.

Pure: words of the command line in, the same words in the order in which the groups of click expect them.
"""

from __future__ import annotations

from collections.abc import Sequence

_FOR_ALL = ("--home", "--debug")


def in_order(words: Sequence[str]) -> list[str]:
    """--home and --debug first; --json, which belongs to the word, behind it. What follows "--" is left alone."""
    cut = words.index("--") if "--" in words else len(words)
    first, rest = _taken_out(words[:cut])
    if any(not word.startswith("-") for word in rest):
        wants_json = "--json" in rest
        rest = [word for word in rest if word != "--json"] + ["--json"] * wants_json
    return [*first, *rest, *words[cut:]]


def home_in(words: Sequence[str]) -> str | None:
    """The folder that --home names in words that are in order; None where it is not given."""
    for number, word in enumerate(words):
        if word.startswith("--home="):
            return word.removeprefix("--home=")
        if word == "--home" and number + 1 < len(words):
            return words[number + 1]
        if not word.startswith("-"):
            break
    return None


def _taken_out(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options that are for all words, and the other words."""
    first: list[str] = []
    rest: list[str] = []
    pending = list(words)
    while pending:
        word = pending.pop(0)
        if word in _FOR_ALL or word.startswith("--home="):
            first.append(word)
            if word == "--home" and pending:
                first.append(pending.pop(0))
        else:
            rest.append(word)
    return first, rest
