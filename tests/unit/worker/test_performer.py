"""Carrying out requests on one engine, step by step."""

from __future__ import annotations

from tests.support.toy_engine import ToyEngine
from vesper.base.errors import EngineFailed, Missing
from vesper.worker.messages import ENGINE, RemoteRef, Reply, Request
from vesper.worker.performer import Performer


def opened() -> Performer:
    performer = Performer(ToyEngine)
    list(performer.replies(Request(1, "open")))
    return performer


def call(performer: Performer, number: int, method: str, *args: object, target: int = ENGINE) -> Reply:
    (reply,) = performer.replies(Request(number, "call", target, method, args))
    return reply


def test_opening_answers_with_the_properties() -> None:
    (reply,) = Performer(ToyEngine).replies(Request(1, "open"))
    assert reply.kind == "result"
    assert reply.value.keys() == {"info"}


def test_a_call_is_answered_with_its_result() -> None:
    assert call(opened(), 2, "echo", "words") == Reply(2, "result", "words")


def test_an_expected_failure_is_told_as_it_is() -> None:
    reply = call(opened(), 2, "miss")
    assert reply.kind == "error"
    assert isinstance(reply.value, Missing)


def test_a_bug_is_told_by_its_place_and_never_by_its_message() -> None:
    reply = call(opened(), 2, "bug")
    assert isinstance(reply.value, EngineFailed)
    assert "ValueError" in reply.value.hint
    assert "toy_engine.py" in reply.value.hint
    assert "private" not in reply.value.hint + reply.value.sentence


def test_an_engine_that_was_never_opened_answers_with_an_error() -> None:
    assert call(Performer(ToyEngine), 1, "echo", 1).value.code == "engine.forgotten"


def test_a_stream_gives_its_items_and_an_end() -> None:
    replies = list(opened().replies(Request(2, "stream", ENGINE, "count", (2,))))
    assert [(reply.kind, reply.value) for reply in replies] == [("item", 0), ("item", 1), ("end", None)]


def test_a_cancelled_stream_stops_before_its_next_item() -> None:
    performer = opened()
    replies = performer.replies(Request(2, "stream", ENGINE, "count", (1_000_000,)))
    assert next(replies).value == 0
    performer.cancel(2)
    assert list(replies) == []
    assert call(performer, 3, "calls").value == 2


def test_a_request_cancelled_in_time_is_never_carried_out() -> None:
    performer = opened()
    performer.cancel(2)
    assert list(performer.replies(Request(2, "call", ENGINE, "echo", (1,)))) == []
    assert call(performer, 3, "calls").value == 0


def test_a_remote_object_stays_and_is_known_by_its_number_until_it_is_dropped() -> None:
    performer = opened()
    ref = call(performer, 2, "start").value
    assert isinstance(ref, RemoteRef)
    assert list(performer.replies(Request(3, "post", ref.target, "feed", ("abc",)))) == []
    assert call(performer, 4, "counted", target=ref.target).value == 3
    assert list(performer.replies(Request(5, "drop", ref.target))) == []
    assert call(performer, 6, "counted", target=ref.target).value.code == "engine.forgotten"


def test_a_failed_post_is_told_by_the_next_call_on_the_same_object_once() -> None:
    performer = opened()
    first, second = call(performer, 2, "start").value, call(performer, 3, "start").value
    assert list(performer.replies(Request(4, "post", first.target, "feed", (None,)))) == []
    assert call(performer, 5, "counted", target=second.target).value == 0
    assert call(performer, 6, "counted", target=first.target).kind == "error"
    assert call(performer, 7, "counted", target=first.target).value == 0
