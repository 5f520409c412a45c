"""The conversation's reducer: what the window shows after each event."""

from __future__ import annotations

import pytest

from vesper.base import events
from vesper_desktop.view_state.conversation import (
    MOST_MESSAGES,
    ConversationState,
    CoreReady,
    TalkPressed,
    TroublePutAway,
    Typed,
    TypedAnswered,
    reduce,
)
from vesper_desktop.view_state.orb import OrbState

ARMED = events.ListeningArmed(phrases=("okay nabu",))
LOST = events.DeviceLostEvent(device="Desk microphone", kind="input")
BUSY = events.Problem(code="microphone.busy", sentence="Another program uses it.")


def after(*script: events.Event) -> ConversationState:
    state = ConversationState()
    for event in script:
        state = reduce(state, event)
    return state


def partial(text: str, turn: str = "1") -> events.Event:
    return events.SpeechPartial(turn=turn, text=text)


def recognised(text: str, turn: str = "1") -> events.Event:
    return events.SpeechRecognised(turn=turn, text=text, confidence=0.9, engine="scripted", language="en")


def texts(state: ConversationState) -> list[tuple[str, str, bool]]:
    return [(message.who, message.text, message.is_final) for message in state.messages]


@pytest.mark.parametrize(
    ("script", "orb"),
    [
        ((), OrbState.ASLEEP),
        ((CoreReady(),), OrbState.ASLEEP),
        ((ARMED,), OrbState.ARMED),
        ((ARMED, TalkPressed()), OrbState.HEARING),
        ((ARMED, events.WakeHeard(phrase="okay nabu", score=1.0, ended_at=1.0)), OrbState.HEARING),
        ((ARMED, events.SpeechEnded(reason="silence", silence_ms=350)), OrbState.THINKING),
        ((ARMED, TalkPressed(), events.SpeechEnded(reason="nothing", silence_ms=0)), OrbState.ARMED),
        ((ARMED, events.SpeakingStarted(text="Ten.", first_sample_at=1.0)), OrbState.SPEAKING),
        (
            (ARMED, events.SpeakingStarted(text="Ten.", first_sample_at=1.0), events.SkillStarted(skill="clock")),
            OrbState.SPEAKING,
        ),
        ((ARMED, Typed(text="hello"), TypedAnswered()), OrbState.ARMED),
        ((ARMED, events.SkillStarted(skill="clock")), OrbState.ARMED),
        ((ARMED, events.ListeningMuted()), OrbState.MUTED),
        ((ARMED, TalkPressed(), events.ListeningMuted()), OrbState.MUTED),
        ((events.ListeningMuted(), Typed(text="hello")), OrbState.THINKING),
        ((ARMED, LOST), OrbState.PROBLEM),
        ((ARMED, LOST, events.DeviceBack(device="Desk microphone", kind="input")), OrbState.ASLEEP),
        ((ARMED, events.DeviceLostEvent(device="Loudspeaker", kind="output")), OrbState.ARMED),
        ((ARMED, TalkPressed(), BUSY), OrbState.PROBLEM),
        ((BUSY, ARMED), OrbState.ARMED),
        ((ARMED, BUSY, TroublePutAway()), OrbState.ARMED),
        ((ARMED, events.Problem(code="voice.missing", sentence="No voice."), ARMED), OrbState.PROBLEM),
    ],
)
def test_the_orb_shows_what_vesper_does_then_what_is_wrong_then_the_microphone(
    script: tuple[events.Event, ...], orb: OrbState
) -> None:
    assert after(*script).orb is orb


def test_a_partial_transcript_grows_in_its_place_and_becomes_the_final_one() -> None:
    growing = after(partial("what"), partial("what time"))
    assert texts(growing) == [("you", "what time", False)]
    assert texts(reduce(growing, recognised("what time is it"))) == [("you", "what time is it", True)]


def test_a_voice_without_words_leaves_nothing_behind() -> None:
    assert after(partial("wha"), recognised("")).messages == ()
    assert after(partial("wha"), events.TurnFinished(turn="1", outcome="nothing_said")).messages == ()


def test_a_growing_answer_is_one_bubble_and_two_answers_are_two() -> None:
    grown = after(
        events.AnswerText(turn="1", text="It is", final=False),
        events.AnswerText(turn="1", text="It is ten."),
        events.AnswerText(turn="1", text="The timer is set."),
    )
    assert texts(grown) == [("vesper", "It is ten.", True), ("vesper", "The timer is set.", True)]


def test_an_interrupted_answer_stays_as_far_as_it_came() -> None:
    cut = after(
        events.AnswerText(turn="1", text="It is", final=False), events.TurnFinished(turn="1", outcome="interrupted")
    )
    assert texts(cut) == [("vesper", "It is", True)]


def test_only_the_last_messages_are_kept() -> None:
    state = after(*(events.AnswerText(turn=str(n), text=f"Answer {n}") for n in range(MOST_MESSAGES + 5)))
    assert len(state.messages) == MOST_MESSAGES
    assert state.messages[-1].text == f"Answer {MOST_MESSAGES + 4}"


def test_an_event_of_no_concern_changes_nothing() -> None:
    state = after(ARMED)
    assert reduce(state, events.EngineRestarted(engine="pyttsx3", why="hung")) is state
