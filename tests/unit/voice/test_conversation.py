"""The spoken turn, on scripted engines and a virtual clock: every way in, every way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.voice_stage import stage
from vesper.base.events import (
    AnswerText,
    DeviceBack,
    DeviceLostEvent,
    ListeningArmed,
    SpeakingFinished,
    SpeakingStarted,
    SpeechEnded,
    SpeechPartial,
    SpeechRecognised,
    SpeechStarted,
    TimerMissed,
    TimerRang,
    TimersChanged,
    TimerStopped,
    TurnFinished,
    WakeHeard,
)
from vesper.ports.stt import Partial, SttStream, Transcript
from vesper.voice.conversation import Conversation
from vesper.voice.recognition import Recognition

WHOLE_TURN = [
    "listening.armed",
    "wake.heard",
    "speech.started",
    "speech.ended",
    "speech.recognised",
    "intent.understood",
    "skill.started",
    "skill.finished",
    "answer.text",
    "speaking.started",
    "speaking.finished",
    "turn.finished",
]


async def test_wake_phrase_and_question_in_one_breath_are_answered(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")]) as on_stage:
        finished = await on_stage.until(TurnFinished)
        assert on_stage.names() == WHOLE_TURN
        assert finished.outcome == "answered"
        assert on_stage.all(SpeechEnded)[0].reason == "complete"
        assert on_stage.all(SpeechPartial)[-1].text == "what time is it"
        assert on_stage.all(AnswerText)[0].text == "It's 9:00 am."


class NeverSure:
    """A live utterance of which no partial is ever a whole sentence."""

    def __init__(self, stream: SttStream) -> None:
        self._stream = stream
        self.feed, self.cancel, self.finish = stream.feed, stream.cancel, stream.finish

    async def partial(self) -> Partial:
        return replace(await cast(Any, self._stream).partial(), is_complete=False)


async def test_a_sentence_that_only_the_second_pass_understands_is_not_waited_on(
    vesper_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Recognition.start

    async def unsure(recognition: Recognition) -> NeverSure:
        return NeverSure(await start(recognition))

    monkeypatch.setattr(Recognition, "start", unsure)
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")]) as on_stage:
        await on_stage.until(TurnFinished)
        ended = on_stage.all(SpeechEnded)[0]
        assert (ended.reason, ended.silence_ms < 500) == ("complete", True)
        assert on_stage.all(AnswerText)[0].text == "It's 9:00 am."


async def test_what_was_not_surely_heard_is_asked_about_and_done_after_a_spoken_yes(
    vesper_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_heard(command: Transcript, _opinions: object) -> Transcript:
        return replace(command, verdict="sure" if command.text == "yes" else "unsure")

    monkeypatch.setattr("vesper.voice.recognition.agreed", half_heard)
    async with stage(vesper_home, [(1.0, "okay nabu set a timer for five minutes")]) as on_stage:
        assert (await on_stage.until(TurnFinished)).outcome == "asked"
        assert on_stage.all(AnswerText)[0].text == "Did you say: set a timer for five minutes?"
        assert not on_stage.all(TimersChanged)
        on_stage.devices.say("yes")
        assert (await on_stage.until(TurnFinished, count=2)).outcome == "answered"
        assert on_stage.all(AnswerText)[1].text == "Your timer is set for 5 minutes."
        assert on_stage.all(TimersChanged)


async def test_all_events_of_a_turn_carry_its_id(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")]) as on_stage:
        finished = await on_stage.until(TurnFinished)
        outside = {event.name for event in on_stage.events if event.turn != finished.turn}
        assert outside == {"listening.armed", "wake.heard"}


async def test_a_pause_behind_the_wake_phrase_loses_nothing(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu"), (4.0, "what time is it")]) as on_stage:
        assert (await on_stage.until(TurnFinished)).outcome == "answered"
        assert on_stage.all(SpeechRecognised)[0].text == "what time is it"


async def test_the_trace_measures_from_the_end_of_speech_to_the_first_sample(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")]) as on_stage:
        finished = await on_stage.until(TurnFinished)
        started = on_stage.all(SpeakingStarted)[0]
        # The script's last letter ends at 1 s plus 25 letters of 60 ms, less the gap behind it.
        speech_end = 1.0 + 25 * 0.06 - 0.02
        assert abs(finished.ms["voice_to_voice"] / 1000 - (started.first_sample_at - speech_end)) < 0.05
        assert finished.ms["voice_to_voice"] < 700
        [kept] = await on_stage.assistant.turns()
        assert kept["outcome"] == "answered"
        assert "text" not in kept


async def test_nothing_said_is_asked_back_once_and_then_left_in_peace(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.assistant.talk()
        first = await on_stage.until(TurnFinished, within=15)
        assert first.outcome == "asked"
        assert on_stage.all(SpeechEnded)[0].reason == "nothing"
        second = await on_stage.until(TurnFinished, within=15, count=2)
        assert second.outcome == "nothing_said"
        await on_stage.run(10)
        assert len(on_stage.all(TurnFinished)) == 2
        await on_stage.assistant.talk()
        again = await on_stage.until(TurnFinished, within=15, count=3)
        assert again.outcome == "asked", "whoever speaks to Vesper anew is answered again"


async def test_waking_without_a_word_behind_it_is_a_false_wake(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu")]) as on_stage:
        assert (await on_stage.until(TurnFinished, within=15)).outcome == "false_wake"
        assert len(on_stage.all(SpeakingFinished)) == 1, "it is asked back all the same"
        assert (await on_stage.until(TurnFinished, within=15, count=2)).outcome == "nothing_said"
        kept = await on_stage.assistant.turns()
        assert sorted(turn["outcome"] for turn in kept) == ["false_wake", "nothing_said"]


async def test_what_is_said_to_the_question_back_is_still_answered(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu"), (11.0, "what time is it")]) as on_stage:
        assert (await on_stage.until(TurnFinished, within=15)).outcome == "false_wake"
        assert (await on_stage.until(TurnFinished, within=15, count=2)).outcome == "answered"


async def test_words_that_are_no_sentence_are_asked_back(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu purple elephants dancing")]) as on_stage:
        assert (await on_stage.until(TurnFinished)).outcome == "asked"


async def test_where_noise_is_why_nothing_was_understood_that_is_said(
    vesper_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vesper.voice.hearing.ratio_db", lambda *_: 2.0)
    async with stage(vesper_home, [(1.0, "okay nabu flibber the gibbet")]) as on_stage:
        assert (await on_stage.until(TurnFinished)).outcome == "asked"
        assert "noisy" in on_stage.all(AnswerText)[0].text


async def test_the_answer_to_a_question_needs_no_wake_phrase(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu set a timer"), (8.0, "five minutes")]) as on_stage:
        assert (await on_stage.until(TurnFinished)).outcome == "asked"
        assert (await on_stage.until(TurnFinished, count=2)).outcome == "answered"
        [timer] = await on_stage.assistant.timers()
        assert timer["duration_s"] == 300


async def test_vespers_own_words_are_no_answer_to_its_question(
    vesper_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "vesper.voice.conversation.is_echo", lambda text, told, _: text == "five minutes" and bool(told)
    )
    lines = [(1.0, "okay nabu set a timer"), (8.0, "five minutes"), (12.0, "ten minutes")]
    async with stage(vesper_home, lines) as on_stage:
        assert (await on_stage.until(TurnFinished)).outcome == "asked"
        assert (await on_stage.until(TurnFinished, count=2)).outcome == "nothing_said"
        assert (await on_stage.until(TurnFinished, count=3)).outcome == "answered"
        [timer] = await on_stage.assistant.timers()
        assert timer["duration_s"] == 600


async def test_endless_speech_is_cut_at_the_limit(vesper_home: Path) -> None:
    babble = "okay nabu " + "bla " * 80
    async with stage(vesper_home, [(1.0, babble)]) as on_stage:
        ended = await on_stage.until(SpeechEnded, within=25)
        assert ended.reason == "limit"
        await on_stage.until(TurnFinished)


async def test_the_wake_phrase_interrupts_speech_and_opens_the_next_turn(vesper_home: Path) -> None:
    lines = [(1.0, "okay nabu what can you do"), (5.5, "okay nabu what time is it")]
    async with stage(vesper_home, lines) as on_stage:
        cut = await on_stage.until(SpeakingFinished)
        assert cut.interrupted_by == "wake"
        assert len(cut.heard) < len(on_stage.all(AnswerText)[0].text)
        assert on_stage.all(TurnFinished) == [] or on_stage.all(TurnFinished)[0].outcome == "interrupted"
        assert (await on_stage.until(TurnFinished, count=2)).outcome == "answered"


async def test_the_stop_phrase_silences_an_answer(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu what can you do"), (5.5, "stop")]) as on_stage:
        assert (await on_stage.until(SpeakingFinished)).interrupted_by == "stop"
        assert (await on_stage.until(TurnFinished)).outcome == "interrupted"


async def test_the_stop_key_gives_up_what_is_being_heard(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu set a timer for")]) as on_stage:
        await on_stage.until(SpeechStarted)
        await on_stage.assistant.stop()
        assert (await on_stage.until(TurnFinished)).outcome == "interrupted"
        assert on_stage.all(SpeechEnded)[0].reason == "stopped"


async def test_talk_opens_a_turn_without_the_wake_phrase(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "what time is it")]) as on_stage:
        await on_stage.run(0.9)
        await on_stage.assistant.talk()
        assert (await on_stage.until(TurnFinished)).outcome == "answered"
        assert not on_stage.all(WakeHeard)


async def test_a_held_key_ends_the_sentence_when_it_is_let_go(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "what time is it")]) as on_stage:
        await on_stage.run(0.9)
        await on_stage.assistant.talk_start()
        await on_stage.run(3.0)
        assert not on_stage.all(SpeechEnded)
        await on_stage.assistant.talk_stop()
        assert (await on_stage.until(TurnFinished)).outcome == "answered"


async def test_muting_closes_the_microphone_and_survives_a_restart(vesper_home: Path) -> None:
    async with stage(vesper_home, [(2.0, "okay nabu what time is it")]) as on_stage:
        await on_stage.run(0.5)
        await on_stage.assistant.mute(True)
        await on_stage.run(5)
        assert not on_stage.voice.parts.microphone.is_open
        assert not on_stage.all(WakeHeard)
    async with stage(vesper_home) as later:
        await later.run(0.5)
        assert later.names() == ["listening.muted"]
        await later.assistant.mute(False)
        await later.until(ListeningArmed)


async def test_a_lost_microphone_is_told_and_comes_back_by_itself(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.run(0.5)
        on_stage.devices.unplug()
        await on_stage.until(DeviceLostEvent)
        on_stage.devices.plug()
        await on_stage.until(DeviceBack, within=3)


async def test_a_microphone_lost_in_mid_sentence_ends_the_turn(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu set a timer for five minutes")]) as on_stage:
        await on_stage.until(SpeechStarted)
        on_stage.devices.unplug()
        finished = await on_stage.until(TurnFinished)
        assert finished.outcome == "failed"
        assert on_stage.all(SpeechEnded)[0].reason == "device"
        assert await on_stage.assistant.timers() == []


async def test_a_timer_rings_until_the_stop_phrase(vesper_home: Path) -> None:
    lines = [(1.0, "okay nabu set a timer for twenty seconds"), (32.0, "stop")]
    async with stage(vesper_home, lines) as on_stage:
        await on_stage.until(TimerRang, within=40)
        await on_stage.until(TimerStopped, within=15)
        assert await on_stage.assistant.timers() == []


async def test_a_ringing_timer_goes_on_for_five_minutes_after_snooze(vesper_home: Path) -> None:
    lines = [(1.0, "okay nabu set a timer for twenty seconds"), (32.0, "snooze")]
    async with stage(vesper_home, lines) as on_stage:
        await on_stage.until(TimerRang, within=40)
        assert (await on_stage.until(SpeechRecognised, count=2, within=15)).text == "add five minutes"
        assert "5 minutes" in (await on_stage.until(SpeakingFinished, count=2, within=15)).heard
        [timer] = await on_stage.assistant.timers()
        assert timer["state"] == "running"


async def test_a_ringing_timer_is_stopped_by_wake_phrase_and_stop(vesper_home: Path) -> None:
    settings: dict[str, object] = {"wake.stop_phrase": False}
    lines = [(1.0, "okay nabu set a timer for twenty seconds"), (34.0, "okay nabu stop")]
    async with stage(vesper_home, lines, settings=settings) as on_stage:
        await on_stage.until(TimerRang, within=40)
        await on_stage.until(TimerStopped, within=15)


async def test_an_interrupted_answer_never_cuts_the_action(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu set a timer for five minutes")]) as on_stage:
        await on_stage.until(SpeakingStarted)
        await on_stage.assistant.stop()
        assert (await on_stage.until(TurnFinished)).outcome == "interrupted"
        assert len(await on_stage.assistant.timers()) == 1


async def test_a_timer_missed_while_vesper_was_off_is_announced_once(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu set a timer for one minute")]) as on_stage:
        await on_stage.until(TurnFinished)
    started = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    async with stage(vesper_home, start=started) as later:
        await later.until(TimerMissed)
        await later.until(SpeakingFinished)
        assert any("missed a timer" in text.replace("'", "") for text in later.said())
    async with stage(vesper_home, start=started) as once_more:
        await once_more.run(3)
        assert not once_more.all(TimerMissed)


async def test_words_are_kept_only_while_the_user_wants_a_history(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")]) as on_stage:
        await on_stage.until(TurnFinished)
        await on_stage.run(0.2)
        assert "said" not in (await on_stage.assistant.turns())[-1]
    history: dict[str, object] = {"privacy.history": True}
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")], settings=history) as later:
        await later.until(TurnFinished)
        await later.run(0.2)
        kept = (await later.assistant.turns())[-1]
        assert (kept["said"], kept["answered"]) == ("what time is it", "It's 9:00 am.")


async def test_a_turn_lasts_from_its_opening_to_its_end_and_nobody_else_speaks_in_it(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu what time is it")]) as on_stage:
        conversation: Conversation = on_stage.voice.parts.conversation
        assert not conversation.is_in_turn
        await on_stage.until(SpeechStarted)
        assert conversation.is_in_turn
        await on_stage.until(TurnFinished)
        await on_stage.run(0.1)
        assert not conversation.is_in_turn
