"""Hindsight: answers "why didn't you answer?", from the last minutes of this Vesper or from what another one stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from vesper.skills.skill import Words
from vesper.voice.recent_trace import KEPT_S, PastTurn, Recent
from vesper.voice.trace import TurnRecord
from vesper.voice.why_not import explain, sentence

_LOOKED_AT = 20


class Hindsight:
    """`recent` looks back, `words` are those of `why_not.yaml`, `examples` sentences by intent."""

    def __init__(
        self, recent: Callable[[], Awaitable[Recent]], words: Words, examples: Mapping[str, Sequence[str]]
    ) -> None:
        self._recent = recent
        self._words = words
        self._examples = examples

    async def why_not_answered(self) -> str:
        """See `vesper.skills.skill.Hindsight`."""
        return sentence(explain(await self._recent()), self._words, self._examples)


async def stored_recent(stored: Callable[[int], Awaitable[list[dict[str, Any]]]], now: datetime) -> Recent:
    """The last minutes where no Vesper runs: what the last one stored of its turns, which is no word of them."""
    turns = [turn for trace in await stored(_LOOKED_AT) if (turn := past_turn(trace, now)) is not None]
    return Recent(0.0, tuple(turns), is_running=False)


def past_turn(trace: Mapping[str, Any], now: datetime) -> PastTurn | None:
    """A stored trace as a turn of the last minutes, its `at` counted from `now`; None for an older one."""
    try:
        at = (datetime.fromisoformat(str(trace["started_at"])) - now).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None
    if not -KEPT_S <= at <= 0:
        return None
    own = {"id", "opened_by", "started_at", "outcome", "ms"}
    record = TurnRecord(
        str(trace.get("id")),
        str(trace.get("opened_by")),
        str(trace["started_at"]),
        str(trace.get("outcome")),
        ms=dict(trace.get("ms") or {}),
        facts={name: value for name, value in trace.items() if name not in own},
    )
    return PastTurn(at, record)
