"""A session that the user carries: its open question survives the way through a terminal, and nonsense is harmless."""

from __future__ import annotations

import pytest

from vesper.dialogue.carried_session import carried, taken_up
from vesper.dialogue.session import Session
from vesper.skills.skill import Question

WHICH = Question("choose", "Which timer – tea or “pasta”?", "timer.cancel", "name", {"which": "one"}, ("tea", "pasta"))


@pytest.mark.parametrize("question", [WHICH, Question("fill", "For how long?", "timer.set", "duration")])
def test_an_open_question_goes_on_as_it_was(question: Question) -> None:
    session = Session(question=question, has_asked_again=True)
    taken = taken_up(carried(session))
    assert (taken.question, taken.has_asked_again) == (question, True)


def test_what_is_carried_can_be_typed_as_one_word() -> None:
    text = carried(Session(question=WHICH))
    assert text.isascii() and not set(text) & set(" '\"$&;|<>=\\")


def test_a_session_without_a_question_is_its_id() -> None:
    session = Session()
    assert carried(session) == session.id
    assert taken_up(session.id).id == session.id


def test_a_carried_text_that_was_cut_short_is_a_new_session() -> None:
    text = carried(Session(question=WHICH))
    assert all(taken_up(text[:length]).question is None for length in range(len(text) - 1))
    assert taken_up("asked-" + "é").question is None
