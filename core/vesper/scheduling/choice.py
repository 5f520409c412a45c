"""Which timers are meant, given what was said of them: a name, a length, a place among the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from vesper.scheduling.schedule import Timer

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was said of the timers that are meant; empty when nothing was.

    `name` is a timer's name or the label under which it was offered, `which` one of one, all, first, last, this, or
    an ordinal word (SLOTS.md), counted in the order in which the timers were set.
    """

    name: str = ""
    duration: timedelta | None = None
    which: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing was said that tells timers apart."""
        return not self.name and self.duration is None and self.which in {"", "one", "this"}

    @property
    def is_all(self) -> bool:
        """Whether every one that fits is meant."""
        return self.which == "all"

    def among(self, timers: Sequence[Timer], labels: Sequence[str]) -> list[Timer]:
        """The timers this fits, in their order; `labels` are what each was called when it was offered."""
        found = _named(self.name, timers, labels) if self.name else list(timers)
        if self.duration is not None:
            found = [timer for timer in found if timer.duration == self.duration]
        return _placed(self.which, found)

    def among_ringing_first(self, timers: Sequence[Timer], labels: Sequence[str]) -> list[Timer]:
        """As `among`, but where nothing tells them apart the ringing ones are meant before all others."""
        found = self.among(timers, labels)
        ringing = [timer for timer in found if timer.state == "ringing"]
        return ringing if self.is_open and ringing else found


def _named(name: str, timers: Sequence[Timer], labels: Sequence[str]) -> list[Timer]:
    """By the label offered, else by the whole name, else by words of it: "pasta" finds "pasta sauce"."""
    wanted = name.casefold()
    words = set(wanted.split())
    pairs = list(zip(timers, labels, strict=True))
    return (
        [timer for timer, label in pairs if label.casefold() == wanted]
        or [timer for timer in timers if timer.name.casefold() == wanted]
        or [timer for timer in timers if words <= set(timer.name.casefold().split())]
    )


def _placed(which: str, timers: list[Timer]) -> list[Timer]:
    if which == "last":
        return timers[-1:]
    if which in _ORDINALS:
        index = _ORDINALS.index(which)
        return timers[index : index + 1]
    return timers
