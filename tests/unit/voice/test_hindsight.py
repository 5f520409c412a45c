"""Asking why there was no answer: of the whole assistant, by voice and in writing, and where none runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.fragile_engines import Fragile
from tests.support.voice_stage import Stage, stage
from vesper.base.events import (
    DeviceLostEvent,
    ListeningArmed,
    ListeningMuted,
    Problem,
    SpeechEnded,
    TimerRang,
    TurnFinished,
    UnwantedWakes,
    WakeRejected,
)
from vesper.base.language import Phrases, load_language
from vesper.voice.hindsight import Hindsight, past_turn, stored_recent
from vesper.voice.recent_trace import Recent

WHY = "why didn't you answer"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def why(on_stage: Stage) -> str:
    answer = await on_stage.assistant.ask(WHY)
    assert [intent["intent"] for intent in answer["intents"]] == ["assistant.why"]
    return str(answer["answer"])


# ---------------------------------------------------------------- in writing


async def test_a_muted_microphone_is_named(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.until(ListeningArmed)
        await on_stage.assistant.mute(True)
        await on_stage.until(ListeningMuted)
        assert (await why(on_stage)).startswith("The microphone has been switched off for")


async def test_a_lost_microphone_is_named(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.until(ListeningArmed)
        on_stage.devices.unplug()
        await on_stage.until(DeviceLostEvent)
        await on_stage.run(3)
        assert (await why(on_stage)).startswith("The microphone went away 3 seconds ago.")


async def test_one_that_was_never_there_is_named_with_what_to_do(vesper_home: Path) -> None:
    def unplug(assistant: Any) -> None:
        assistant._parts.devices.unplug()

    async with stage(vesper_home, tweak=unplug) as on_stage:
        await on_stage.until(Problem)
        assert await why(on_stage) == "I can't hear you: There is no microphone. Connect one."


async def test_a_wake_phrase_that_was_nearly_heard_is_named_with_its_score(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabi what time is it")]) as on_stage:
        await on_stage.until(WakeRejected)
        await on_stage.run(8)
        answer = await why(on_stage)
    assert answer.startswith("I heard something like “okay nabu”")
    assert "0.40 where 0.50 is needed" in answer


async def test_a_sentence_that_was_turned_down_is_named_with_the_guess_and_its_bound(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu gibberish most foul")]) as on_stage:
        await on_stage.until(TurnFinished)
        answer = await why(on_stage)
    assert answer.startswith("I heard something like “gibberish most foul”")
    assert "0.35 is needed" in answer


async def test_a_wake_phrase_alone_is_named(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu")]) as on_stage:
        finished = await on_stage.until(TurnFinished)
        assert finished.outcome == "false_wake"
        await on_stage.until(TurnFinished, count=2)  # it has asked back, and nobody has answered
        assert (await why(on_stage)).startswith("I woke ")


async def test_a_recogniser_that_failed_is_named_with_the_stage(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.until(ListeningArmed)
        fragile = Fragile(on_stage)
        fragile.final.recognise_s = 1.0
        on_stage.devices.say("okay nabu what day is it")
        await on_stage.until(SpeechEnded)
        fragile.kill_recognisers()
        await on_stage.until(TurnFinished)
        answer = await why(on_stage)
    assert "failed while I was working out your words: The engine died and is started again. Try again." in answer


async def test_a_typed_sentence_that_nobody_claimed_is_named_with_what_came_nearest(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.until(ListeningArmed)
        await on_stage.assistant.ask("what time does the shop open")
        answer = await why(on_stage)
    assert answer.startswith("I understood “what time does the shop open”")
    assert "nearest was “" in answer


async def test_a_ringing_timer_is_named(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.until(ListeningArmed)
        await on_stage.assistant.ask("set a timer for one second")
        await on_stage.until(TimerRang)
        assert (await why(on_stage)).startswith("A timer is ringing")


async def test_another_request_that_is_under_way_is_named(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        await on_stage.until(ListeningArmed)
        fragile = Fragile(on_stage)
        fragile.final.recognise_s = 5.0
        on_stage.devices.say("okay nabu what day is it")
        await on_stage.until(SpeechEnded)
        assert (await why(on_stage)).startswith("I have been busy with another request for")


async def test_an_answer_that_was_only_written_is_named(vesper_home: Path) -> None:
    lines = [(1.0, "okay nabu what time is it")]
    async with stage(vesper_home, lines, settings={"voice.speaks": False}) as on_stage:
        await on_stage.until(TurnFinished)
        assert (await why(on_stage)).startswith("I did answer ")


async def test_a_room_in_which_nobody_said_the_phrase_is_named(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "good morning everybody")]) as on_stage:
        await on_stage.run(8)
        assert (await why(on_stage)).startswith("I have heard nothing like “okay nabu” in the last 8 seconds.")


# ---------------------------------------------------------------------- aloud


async def test_asked_aloud_it_is_said_aloud(vesper_home: Path) -> None:
    lines = [(1.0, "okay nabi what time is it"), (6.0, "okay nabu why didn't you answer")]
    async with stage(vesper_home, lines) as on_stage:
        finished = await on_stage.until(TurnFinished)
        said = " ".join(on_stage.said())
    assert finished.outcome == "answered"
    assert "i heard something like" in said.lower()


async def test_asked_aloud_with_nothing_wrong_nothing_is_made_up(vesper_home: Path) -> None:
    lines = [(1.0, "okay nabu what time is it"), (8.0, "okay nabu what went wrong")]
    async with stage(vesper_home, lines) as on_stage:
        await on_stage.until(TurnFinished, count=2)
        assert "nothing went wrong that i know of" in " ".join(on_stage.said()).lower()


# ------------------------------------------------------------- what is kept


async def test_the_stored_trace_holds_the_scores_and_no_guess(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu gibberish most foul")]) as on_stage:
        await on_stage.until(TurnFinished)
        [kept] = await on_stage.assistant.turns(5)
    assert (kept["verdict"], kept["needed"]) == ("rejected", 0.35)
    assert "foul" not in str(kept)


async def test_wakes_without_a_command_are_counted_and_told(vesper_home: Path) -> None:
    async with stage(vesper_home, [(1.0, "okay nabu")]) as on_stage:
        told = await on_stage.until(UnwantedWakes)
        assert (told.last_hour, told.hint) == (1, "")
        await on_stage.until(TurnFinished, count=2)
        stages = (await on_stage.assistant.selfcheck())["stages"]
        wake = next(stage for stage in stages if stage["stage"] == "wake")
        assert wake["detail"].endswith("1 wake without a command in the last hour, usually 0.0.")
    async with stage(vesper_home, start=NOW + timedelta(minutes=30)) as again:
        assert (await again.assistant.unwanted_wakes()).last_hour == 1, "the next run knows it from the stored turns"


# ------------------------------------------------------------ where none runs


def stored(ago_s: float, **facts: Any) -> dict[str, Any]:
    started = (NOW - timedelta(seconds=ago_s)).isoformat(timespec="seconds")
    return {"id": "a", "opened_by": "wake", "started_at": started, "outcome": "false_wake", "ms": {}, **facts}


async def told(*traces: dict[str, Any]) -> str:
    async def turns(_: int) -> list[dict[str, Any]]:
        return list(traces)

    async def recent() -> Recent:
        return await stored_recent(turns, NOW)

    pack = load_language("en")
    return await Hindsight(recent, Phrases(pack, "why_not"), pack.merged("examples")).why_not_answered()


async def test_where_none_runs_that_is_the_reason() -> None:
    expected = "Vesper is not running, so nobody is listening. Start it with `vesper`."
    assert await told() == expected
    assert await told(stored(3600, end="nothing")) == expected


async def test_what_the_last_one_stored_is_told_without_words() -> None:
    rejected = stored(20, outcome="asked", verdict="rejected", confidence=0.3, needed=0.35)
    assert "I heard a sentence 20 seconds ago, but was not sure enough of it (0.30 where 0.35" in await told(rejected)


@pytest.mark.parametrize("started_at", ["", "yesterday", None, "2026-03-02T08:59:00"])
def test_a_trace_without_a_time_is_no_turn(started_at: Any) -> None:
    assert past_turn({**stored(5), "started_at": cast(Any, started_at)}, NOW) is None
