"""Wakes without a command are counted by the hour, and advice is given when they grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vesper.base.clock import VirtualClock
from vesper.base.language import Phrases, load_language
from vesper.voice.trace import TurnRecord
from vesper.voice.unwanted_wakes import HourlyCount, WakeCount, hourly, is_unwanted

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def trace(at: datetime, outcome: str = "false_wake", opened_by: str = "wake", **facts: Any) -> dict[str, Any]:
    return {
        "id": f"{at}{outcome}{opened_by}",
        "started_at": at.isoformat(),
        "outcome": outcome,
        "opened_by": opened_by,
    } | facts


def count_of(*traces: dict[str, Any], is_strict: bool = False) -> WakeCount:
    words = Phrases(load_language("en"), "why_not")
    count = WakeCount(VirtualClock(NOW), words, is_strict=lambda: is_strict)
    count.remember(traces)
    return count


def minutes_ago(*minutes: float) -> list[dict[str, Any]]:
    return [trace(NOW - timedelta(minutes=ago)) for ago in sorted(minutes, reverse=True)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"outcome": "false_wake"}, True),
        ({"outcome": "asked", "verdict": "rejected"}, True),
        ({"outcome": "nothing_said", "verdict": "empty"}, True),
        ({"outcome": "asked", "verdict": "unsure", "intents": []}, False),
        ({"outcome": "asked", "intents": ["timer.set"]}, False),
        ({"outcome": "answered", "intents": ["clock.time"]}, False),
        ({"outcome": "unclaimed", "intents": []}, False),
        ({"outcome": "interrupted"}, False),
        ({"outcome": "failed", "error": "stt.hung"}, False),
        ({"outcome": "false_wake", "opened_by": "talk"}, False),
    ],
)
def test_only_a_wake_that_brought_no_command_counts(facts: dict[str, Any], expected: bool) -> None:
    assert is_unwanted({"opened_by": "wake"} | facts) is expected


def test_hours_are_counted_back_from_now_and_empty_ones_are_not_usual() -> None:
    turns = [(NOW - timedelta(minutes=ago), unwanted) for ago, unwanted in
             [(5, True), (50, True), (70, True), (80, True), (130, False), (1000, True)]]  # fmt: skip
    assert hourly(turns, NOW) == HourlyCount(2, (2 + 0 + 1) / 3)
    assert hourly([], NOW) == HourlyCount(0, 0.0)
    assert hourly([(NOW + timedelta(hours=2), True)], NOW) == HourlyCount(0, 0.0), "the clock was set back"


@pytest.mark.parametrize(("last_hour", "usual", "grows"), [(5, 0, False), (6, 0, True), (6, 3, False), (7, 3, True)])
def test_advice_needs_more_than_five_and_more_than_twice_the_usual(last_hour: int, usual: float, grows: bool) -> None:
    assert HourlyCount(last_hour, usual).is_growing is grows


def test_the_count_is_told_in_words_and_advice_only_when_it_grows() -> None:
    assert count_of().told().sentence == "No wake without a command in the last hour."
    few = count_of(*minutes_ago(3, 70, 80)).told()
    assert (few.sentence, few.hint) == ("1 wake without a command in the last hour, usually 2.0.", "")
    many = count_of(*minutes_ago(1, 2, 3, 4, 5, 6)).told()
    assert (many.last_hour, many.sentence) == (
        6,
        "Something keeps waking me: 6 times in the last hour, and nobody asked for anything.",
    )
    assert "strict" in many.hint
    assert "strict" not in count_of(*minutes_ago(1, 2, 3, 4, 5, 6), is_strict=True).told().hint


async def test_advice_comes_unasked_once_an_hour_and_the_count_falls_with_time() -> None:
    clock = VirtualClock(NOW)
    count = WakeCount(clock, Phrases(load_language("en"), "why_not"))
    count.remember(minutes_ago(1, 2, 3, 4, 5, 6))
    assert [bool(count.told_unasked().hint) for _ in range(2)] == [True, False]
    await clock.advance(3 * 3600)
    assert count.count() == HourlyCount(0, 6.0)
    assert count.told_unasked().hint == ""


def test_a_command_that_came_when_vesper_asked_back_makes_the_wake_a_wanted_one() -> None:
    wake = trace(NOW - timedelta(minutes=2))
    silent = trace(NOW - timedelta(minutes=1), "nothing_said", "follow_up")
    spoken = trace(NOW - timedelta(minutes=1), "answered", "follow_up", intents=["clock.time"])
    assert count_of(wake, silent).count().last_hour == 1
    assert count_of(wake, spoken).count().last_hour == 0


def test_a_running_vesper_counts_on_and_says_whether_anything_changed() -> None:
    count = count_of(*minutes_ago(3))
    started = (NOW - timedelta(minutes=1)).isoformat()
    assert count.keep(TurnRecord("a", "wake", started, "false_wake")) is True
    assert count.keep(TurnRecord("b", "wake", started, "answered", facts={"intents": ["clock.time"]})) is False
    assert count.count().last_hour == 2


def test_a_trace_without_a_time_counts_nothing() -> None:
    count = count_of({"id": "x", "opened_by": "wake", "outcome": "false_wake"}, {"started_at": "2026-03-02T12:00:00"})
    assert count.count() == HourlyCount(0, 0.0)


def test_it_remembers_no_more_than_a_thousand_turns() -> None:
    count = count_of(*(trace(NOW - timedelta(seconds=n)) for n in range(1200, 0, -1)))
    assert count.count().last_hour == 1000
