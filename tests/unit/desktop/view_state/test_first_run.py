"""The first-run check passes a step only by what really happened."""

from __future__ import annotations

from vesper.base import events
from vesper_desktop.view_state.first_run import FirstRunState, moved, reduce

LOUD, STILL = events.LevelChanged(dbfs=-25), events.LevelChanged(dbfs=-58)
SAID = events.SpeechRecognised(text="what time is it", confidence=0.9, engine="scripted", language="en")
WOKE = events.WakeHeard(phrase="okay nabu", score=0.9, ended_at=1.0)


def after(state: FirstRunState, *script: events.Event) -> FirstRunState:
    for event in script:
        state = reduce(state, event)
    return state


def test_a_still_room_proves_nothing_and_a_voice_does() -> None:
    assert not after(FirstRunState(), STILL, STILL, STILL, STILL, LOUD).has_passed
    assert after(FirstRunState(), LOUD, LOUD, LOUD).has_passed


def test_the_phrase_step_needs_waking_and_words() -> None:
    phrase = FirstRunState(step="phrase")
    assert not after(phrase, WOKE).has_passed
    assert not after(phrase, SAID).has_passed
    assert after(phrase, WOKE, SAID).has_passed


def test_the_reply_step_needs_sound_that_was_played() -> None:
    reply = FirstRunState(step="reply")
    assert not after(reply, events.SpeakingFinished(heard="", interrupted_by="stop")).has_passed
    assert after(reply, events.SpeakingFinished(heard="It is ten.")).has_passed


def test_every_step_can_be_gone_past_and_back() -> None:
    one = FirstRunState()
    two = moved(one, 1)
    assert two is not None
    assert two.step == "phrase"
    assert moved(one, -1) == one
    three = moved(two, 1)
    assert three is not None
    assert moved(three, 1) is None


def test_a_problem_is_shown_until_the_microphone_is_back() -> None:
    state = after(FirstRunState(), events.Problem(code="microphone.missing", sentence="No microphone."))
    assert state.trouble == "No microphone."
    assert after(state, events.ListeningArmed(phrases=())).trouble == ""
