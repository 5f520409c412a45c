"""A streamed answer as clauses to be spoken: pieces of text in, clauses out, the first one early.

Sound can start when the first clause is known, so that one may end at a comma; later ones are whole sentences,
because a voice says those better. What is decided depends on the text alone, never on how it was cut on its way.
"""

from __future__ import annotations

import re
from collections.abc import Collection

LOOK_AHEAD = 25
"""Characters that must follow a comma before it ends the first clause (heyneo.com, CPU speech streaming)."""
SHORTEST = 8
LONGEST = 220
LONGEST_HELD = 2000
"""Characters after which an unfinished link or block of code is no longer waited for."""

_MARK = re.compile(r"(?P<hard>[.!?…]+[\"'”’)\]*_]*(?=\s|$)|[。！？।]+)|(?P<soft>[,;:—–](?=\s|$))|(?P<line>\n)")
_HARD = re.compile(r"[.!?…]+[\"'”’)\]*_]*\s|[。！？।\n]")
_LAST_WORD = re.compile(r"(\S+?)[\"'”’)\]*_]*$")
_INITIALS = re.compile(r"[A-Z]|[A-Z][^aeiouyAEIOUY\W\d]{1,2}|.*\w\.\w.*")
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\d{1,3}\.$")
_OPEN_LINK = re.compile(r"\[[^\]]*$|\]\([^)]*$")


class ClauseSplitter:
    """Collects one answer. `abbreviations` ("Dr.") do not end a sentence; initials never do."""

    def __init__(self, abbreviations: Collection[str] = ()) -> None:
        self._abbreviations = frozenset(abbreviations)
        self._text = ""
        self._is_first = True

    def feed(self, text: str) -> list[str]:
        """The clauses that are complete, now that this text has come too."""
        self._text += text
        return self._take(is_over=False)

    def finish(self) -> list[str]:
        """Everything that is left."""
        clauses = self._take(is_over=True)
        rest, self._text = self._text.strip(), ""
        return [*clauses, rest] if rest else clauses

    def _take(self, *, is_over: bool) -> list[str]:
        clauses: list[str] = []
        while (end := self._end(is_over=is_over)) is not None:
            clause, self._text = self._text[:end].strip(), self._text[end:]
            if clause:
                clauses.append(clause)
                self._is_first = False
        return clauses

    def _end(self, *, is_over: bool) -> int | None:
        """Where the first clause of the text ends; None while that cannot be said."""
        for mark in _MARK.finditer(self._text, 0, LONGEST_HELD):
            if mark.end() > LONGEST and not _is_open(self._text[:LONGEST]):
                break
            rest = self._text[mark.end() :]
            if mark.lastgroup != "line" and not is_over and not _is_decidable(rest, mark.lastgroup == "soft"):
                return self._end_of_long(is_over=is_over)
            if self._is_end(mark, rest) and not _is_open(self._text[: mark.end()]):
                return mark.end()
        return self._end_of_long(is_over=is_over)

    def _is_end(self, mark: re.Match[str], rest: str) -> bool:
        if mark.lastgroup == "line":
            return True
        if mark.lastgroup == "hard":
            return self._ends_sentence(self._text[: mark.end()], rest.lstrip())
        is_worth_it = mark.end() >= SHORTEST and len(rest) >= LOOK_AHEAD
        return self._is_first and is_worth_it and not _HARD.search(rest[:LOOK_AHEAD])

    def _ends_sentence(self, before: str, after: str) -> bool:
        """Whether the full stop at the end of `before` is one, and not the mark of a short form or a number."""
        if after[:1].islower() or _LIST_NUMBER.search(before):
            return False
        found = _LAST_WORD.search(before)
        word = found[1] if found else ""
        if word.endswith("."):
            bare = word.rstrip(".").lstrip("(\"'“‘[")
            return not (f"{bare}." in self._abbreviations or _INITIALS.fullmatch(bare))
        return True

    def _end_of_long(self, *, is_over: bool) -> int | None:
        """Without any better place: at a comma, a space, or anywhere, before the clause grows too long."""
        needed = LONGEST + (0 if is_over else LOOK_AHEAD)
        if len(self._text) <= needed:
            return None
        if _is_open(self._text[:LONGEST]) and len(self._text) < LONGEST_HELD and not is_over:
            return None
        for mark in (", ", "; ", " "):
            if (end := self._text.rfind(mark, SHORTEST, LONGEST)) > 0:
                return end + len(mark)
        return LONGEST


def _is_decidable(rest: str, is_soft: bool) -> bool:
    """Whether enough has come behind a mark to know what it is."""
    return len(rest) >= LOOK_AHEAD if is_soft else bool(rest.strip())


def _is_open(text: str) -> bool:
    """Whether a block of code, a thought, a link, code or struck text is unfinished here."""
    if text.count("```") % 2 or text.rfind("<think") > text.rfind("</think"):
        return True
    line = text.rpartition("\n")[2] or text
    if (line.count("`") - 3 * line.count("```")) % 2 or line.count("~~") % 2:
        return True
    return _OPEN_LINK.search(line) is not None
