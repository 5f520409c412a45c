"""Endpointing as playbooks: this is known of the utterance, so wait, or end because."""

from __future__ import annotations

import pytest

from vesper.audio.endpointing import End, Endpointing, UtteranceSoFar
from vesper.ports.stt import Partial

WHOLE = Partial("what time is it", is_complete=True, can_go_on=False)
MAY_GO_ON = Partial("set a timer for five minutes", is_complete=True, can_go_on=True)
HALF = Partial("set a timer for", is_complete=False)
NO_WORDS = Partial()


def after(silence_ms: int, partial: Partial, *, length_ms: int = 3000, has_speech: bool = True) -> UtteranceSoFar:
    return UtteranceSoFar(length_ms * 16, silence_ms * 16, has_speech, partial)


def test_a_complete_sentence_ends_after_350_ms():
    assert Endpointing().decide(after(349, WHOLE)) is None
    assert Endpointing().decide(after(350, WHOLE)) == End("complete", 350)


def test_in_mid_sentence_people_may_think_for_a_second():
    assert Endpointing().decide(after(900, HALF)) is None
    assert Endpointing().decide(after(1000, HALF)) == End("silence", 1000)


def test_voice_without_words_ends_as_silence():
    assert Endpointing().decide(after(1000, NO_WORDS)) == End("silence", 1000)


def test_while_someone_speaks_nothing_ends():
    assert Endpointing().decide(after(0, WHOLE)) is None


@pytest.mark.parametrize("partial", [WHOLE, MAY_GO_ON, HALF, NO_WORDS])
def test_quick_waits_shorter_and_patient_longer(partial: Partial):
    quick, normal, patient = (Endpointing(pace).pause_s(partial) for pace in ("quick", "normal", "patient"))
    assert quick < normal < patient


def test_patient_gives_a_sentence_that_may_go_on_more_time():
    assert Endpointing("patient").pause_s(MAY_GO_ON) > Endpointing("patient").pause_s(WHOLE)


def test_endless_speech_ends_at_the_limit():
    assert Endpointing().decide(after(0, HALF, length_ms=14_990)) is None
    assert Endpointing().decide(after(0, HALF, length_ms=15_000)) == End("limit", 0)
    assert Endpointing(longest_s=6).decide(after(0, HALF, length_ms=6000)) == End("limit", 0)


def test_a_sentence_that_is_over_at_the_limit_ended_by_itself():
    assert Endpointing().decide(after(400, WHOLE, length_ms=15_000)) == End("complete", 400)


def test_nothing_said_ends_after_five_seconds():
    waiting = after(4990, NO_WORDS, length_ms=4990, has_speech=False)
    assert Endpointing().decide(waiting) is None
    over = after(5000, NO_WORDS, length_ms=5000, has_speech=False)
    assert Endpointing().decide(over) == End("nothing", 5000)


def test_after_an_answer_the_wait_for_a_first_word_is_its_own():
    assert Endpointing(nothing_s=3).decide(after(3000, NO_WORDS, length_ms=3000, has_speech=False)) == End(
        "nothing", 3000
    )
