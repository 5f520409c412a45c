"""Which events go to the window now and which wait a moment: at most 30 of a fast kind in a second.

Events in, events out, with the time handed in. Only the newest of a fast kind matters (a level, a partial
transcript, a growing answer), so an older one that still waits is replaced. An event of another kind is never
late, and never overtakes one that waits.
"""

from __future__ import annotations

from vesper.base.events import AnswerText, Event, LevelChanged, SpeechPartial

INTERVAL_S = 1 / 30


def is_fast(event: Event) -> bool:
    """Whether many of this event may come in a second, each replacing the one before."""
    if isinstance(event, AnswerText):
        return not event.final
    return isinstance(event, (LevelChanged, SpeechPartial))


class EventPacing:
    """Holds the events that wait. Times are seconds of one monotonic clock."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._last: dict[type[Event], float] = {}
        self._waiting: dict[type[Event], Event] = {}

    def offer(self, event: Event, now: float) -> tuple[Event, ...]:
        """Take an event; returns those that go to the window now, in order."""
        if not is_fast(event):
            return (*self._release(now), event)
        kind = type(event)
        if now - self._last.get(kind, float("-inf")) < self._interval_s:
            self._waiting.pop(kind, None)  # the newest goes to the end of the line
            self._waiting[kind] = event
            return ()
        self._waiting.pop(kind, None)
        self._last[kind] = now
        return (event,)

    @property
    def wait_s(self) -> float | None:
        """How long to wait before calling `due`; None while nothing waits."""
        return self._interval_s if self._waiting else None

    def due(self, now: float) -> tuple[Event, ...]:
        """What has waited long enough."""
        return self._release(now)

    def _release(self, now: float) -> tuple[Event, ...]:
        released = tuple(self._waiting.values())
        self._last.update((type(event), now) for event in released)
        self._waiting.clear()
        return released
