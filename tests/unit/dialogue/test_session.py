"""Sessions that can be gone on with."""

from __future__ import annotations

from vesper.dialogue.session import MOST_SESSIONS, Sessions


def test_a_session_is_found_again_by_its_id() -> None:
    sessions = Sessions()
    first = sessions.get()

    assert sessions.get(first.id) is first
    assert sessions.get() is not first


def test_an_unknown_id_begins_a_session_of_that_id() -> None:
    assert Sessions().get("mine").id == "mine"


def test_the_sessions_used_longest_ago_are_forgotten() -> None:
    sessions = Sessions()
    first, second = sessions.get("first"), sessions.get("second")
    for number in range(MOST_SESSIONS - 1):
        sessions.get("first")
        sessions.get(str(number))

    assert sessions.get("first") is first
    assert sessions.get("second") is not second
