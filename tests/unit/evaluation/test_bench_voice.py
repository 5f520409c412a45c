"""What `bench voice` reads out of the events of a running Vesper."""

from __future__ import annotations

from typing import Any

import pytest

from vesper.evaluation.bench_voice import turn_times


def turn(id: str, ended_at: float, first_sample_at: float | None) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"event": "speech.ended", "turn": id, "at": ended_at}]
    if first_sample_at is not None:
        events.append({"event": "speaking.started", "turn": id, "first_sample_at": first_sample_at})
    return [*events, {"event": "turn.finished", "turn": id, "ms": {"hear": 1500.0}}]


def test_a_delay_counts_from_the_true_end_of_the_sentence_before_the_decision() -> None:
    (times,) = turn_times(turn("a", 20.4, 20.5), ends=[11.0, 20.0, 29.0])
    assert times.voice_to_voice_ms == pytest.approx(500)
    assert times.answer_ms == pytest.approx(100)
    assert times.steps_ms == {"hear": 1500.0}


def test_a_silent_turn_has_no_delay() -> None:
    assert turn_times(turn("a", 20.4, None), ends=[20.0]) == []


def test_a_turn_that_no_sentence_belongs_to_is_left_out() -> None:
    assert turn_times(turn("a", 20.4, 20.5), ends=[29.0]) == []
    assert turn_times(turn("a", 20.4, 20.5), ends=[2.0]) == []


def test_only_the_first_answer_of_a_turn_counts() -> None:
    events = [*turn("a", 20.4, 20.5), {"event": "speaking.started", "turn": "a", "first_sample_at": 25.0}]
    assert turn_times(events, ends=[20.0])[0].answer_ms == pytest.approx(100)


def test_events_outside_of_any_turn_do_not_disturb() -> None:
    assert turn_times([{"event": "listening.armed", "turn": None, "at": 0.1}], ends=[1.0]) == []
