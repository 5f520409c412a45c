"""Everything that can happen, in every state: a turn that is open ends once, and the next one works.

The table says with which outcomes the turns end that are open then or begin by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.fragile_engines import Fragile
from tests.support.voice_stage import Stage, stage
from vesper.audio.interruption import Phase
from vesper.base.events import (
    DeviceBack,
    DeviceLostEvent,
    SpeakingFinished,
    SpeakingStarted,
    SpeechEnded,
    SpeechStarted,
    TimerRang,
    TimerStopped,
    TurnFinished,
    WakeHeard,
    WakeRejected,
)

QUESTION = "okay nabu what time is it"
THINKING_S = 1.0

# ------------------------------------------------------------------- states


async def armed(on_stage: Stage, _: Fragile) -> None:
    await on_stage.run(0.3)
    assert on_stage.voice.parts.openings.phase is Phase.ARMED


async def hearing(on_stage: Stage, _: Fragile) -> None:
    on_stage.devices.say("okay nabu set a timer for")
    await on_stage.until(SpeechStarted)
    assert on_stage.voice.parts.openings.phase is Phase.HEARING


async def thinking(on_stage: Stage, fragile: Fragile) -> None:
    fragile.final.recognise_s = THINKING_S
    on_stage.devices.say("okay nabu what day is it")
    await on_stage.until(SpeechEnded)
    assert on_stage.voice.parts.openings.phase is Phase.THINKING


async def speaking(on_stage: Stage, _: Fragile) -> None:
    on_stage.devices.say("okay nabu what can you do")
    await on_stage.until(SpeakingStarted)
    await on_stage.run(0.3)
    assert on_stage.voice.parts.openings.phase is Phase.SPEAKING


async def ringing(on_stage: Stage, _: Fragile) -> None:
    await on_stage.assistant.ask("set a timer for one second")
    await on_stage.until(TimerRang)
    await on_stage.run(0.2)
    assert on_stage.voice.parts.ringing.is_ringing


# ------------------------------------------------------------------- events


async def wake(on_stage: Stage, _: Fragile) -> None:
    before = len(on_stage.all(WakeHeard))
    on_stage.devices.say(QUESTION)
    await on_stage.until(WakeHeard, count=before + 1)


async def silence(on_stage: Stage, _: Fragile) -> None:
    await on_stage.run(1.0)


async def false_wake(on_stage: Stage, _: Fragile) -> None:
    on_stage.devices.say("okay nabi")
    await on_stage.until(WakeRejected)


async def endless_speech(on_stage: Stage, _: Fragile) -> None:
    on_stage.devices.say("bla " * 20)
    await on_stage.run(5.0)


async def stop_key(on_stage: Stage, _: Fragile) -> None:
    await on_stage.assistant.stop()


async def microphone_lost(on_stage: Stage, _: Fragile) -> None:
    on_stage.devices.unplug()
    await on_stage.until(DeviceLostEvent)
    on_stage.devices.plug()
    await on_stage.until(DeviceBack)


async def recogniser_dies(on_stage: Stage, fragile: Fragile) -> None:
    fragile.kill_recognisers()
    await on_stage.run(THINKING_S + 1.0)


async def voice_dies(on_stage: Stage, fragile: Fragile) -> None:
    fragile.kill_voice()
    await on_stage.run(THINKING_S + 1.0)


State = Callable[[Stage, Fragile], Awaitable[None]]
EVENTS = (wake, silence, false_wake, endless_speech, stop_key, microphone_lost, recogniser_dies, voice_dies)

ASKED_BACK = ["asked", "nothing_said"]  # the question back, and the silence that answers it
TABLE: dict[State, dict[State, list[str]]] = {
    armed: {
        wake: ["answered"],
        silence: [],
        false_wake: [],
        endless_speech: [],
        stop_key: [],
        microphone_lost: [],
        recogniser_dies: [],
        voice_dies: [],
    },
    hearing: {
        wake: ["interrupted", "answered"],
        silence: ASKED_BACK,
        false_wake: ASKED_BACK,
        endless_speech: ASKED_BACK,
        stop_key: ["interrupted"],
        microphone_lost: ["failed"],
        recogniser_dies: ["failed"],
        voice_dies: ASKED_BACK,
    },
    thinking: {
        wake: ["interrupted", "answered"],
        silence: ["answered"],
        false_wake: ["answered"],
        endless_speech: ["answered"],
        stop_key: ["interrupted"],
        microphone_lost: ["answered"],
        recogniser_dies: ["failed"],
        voice_dies: ["answered"],
    },
    speaking: {
        wake: ["interrupted", "answered"],
        silence: ["answered"],
        false_wake: ["answered"],
        endless_speech: ["answered"],
        stop_key: ["interrupted"],
        microphone_lost: ["answered"],
        recogniser_dies: ["answered"],
        voice_dies: ["answered"],
    },
    ringing: {
        wake: ["answered"],
        silence: [],
        false_wake: [],
        endless_speech: [],
        stop_key: [],
        microphone_lost: [],
        recogniser_dies: [],
        voice_dies: [],
    },
}
CELLS = [pytest.param(state, event, id=f"{state.__name__}-{event.__name__}") for state in TABLE for event in EVENTS]


async def come_to_rest(on_stage: Stage) -> None:
    """Let time pass until no turn runs or waits any more."""
    rested = 0
    while rested < 20:
        await on_stage.step()
        rested = rested + 1 if on_stage.voice.is_idle else 0
        assert on_stage.clock.monotonic() < 120, "a turn never ends"


@pytest.mark.parametrize(("state", "event"), CELLS)
async def test_whatever_happens_turns_end_once_and_the_next_one_works(
    vesper_home: Path, state: State, event: State
) -> None:
    async with stage(vesper_home, settings={"listening.longest_s": 3.0, "listening.follow_up_s": 3.0}) as on_stage:
        fragile = Fragile(on_stage)
        await state(on_stage, fragile)
        await event(on_stage, fragile)
        await come_to_rest(on_stage)
        outcomes = [finished.outcome for finished in on_stage.all(TurnFinished) if not is_typed(on_stage, finished)]
        assert outcomes == TABLE[state][event]

        fragile.revive()
        fragile.final.recognise_s = 0.0
        await on_stage.assistant.stop()  # whatever rings
        on_stage.devices.say(QUESTION)
        await on_stage.until(TurnFinished, count=len(on_stage.all(TurnFinished)) + 1)
        await come_to_rest(on_stage)
        assert on_stage.all(TurnFinished)[-1].outcome == "answered"
        assert on_stage.said()[-1].startswith("it's 9")
        assert ended_once(on_stage)


def is_typed(on_stage: Stage, finished: TurnFinished) -> bool:
    """A typed turn is not heard."""
    return not any(ended.turn == finished.turn for ended in on_stage.all(SpeechEnded)) and "act" in finished.ms


def ended_once(on_stage: Stage) -> bool:
    """Every turn that any event belongs to has one `turn.finished`, its last event."""
    turns = {event.turn for event in on_stage.events if event.turn is not None}
    counted = Counter(finished.turn for finished in on_stage.all(TurnFinished))
    last = {event.turn: event for event in on_stage.events if event.turn is not None}
    return counted == dict.fromkeys(turns, 1) and all(isinstance(event, TurnFinished) for event in last.values())


@pytest.mark.parametrize("event", [wake, stop_key])
async def test_an_answer_that_was_cut_before_it_began_is_never_said(vesper_home: Path, event: State) -> None:
    async with stage(vesper_home) as on_stage:
        fragile = Fragile(on_stage)
        await thinking(on_stage, fragile)
        await event(on_stage, fragile)
        await come_to_rest(on_stage)
        assert not any("monday" in said for said in on_stage.said())


@pytest.mark.parametrize("event", [silence, false_wake, endless_speech, microphone_lost, recogniser_dies, voice_dies])
async def test_ringing_goes_on_until_it_is_stopped(vesper_home: Path, event: State) -> None:
    async with stage(vesper_home) as on_stage:
        fragile = Fragile(on_stage)
        await ringing(on_stage, fragile)
        await event(on_stage, fragile)
        assert on_stage.voice.parts.ringing.is_ringing
        await on_stage.assistant.stop()
        await on_stage.until(TimerStopped)
        assert not on_stage.voice.parts.ringing.is_ringing


async def test_a_voice_that_dies_in_mid_answer_is_told_and_what_was_heard_is_true(vesper_home: Path) -> None:
    async with stage(vesper_home) as on_stage:
        fragile = Fragile(on_stage)
        await speaking(on_stage, fragile)
        fragile.kill_voice()
        finished = await on_stage.until(SpeakingFinished)
        assert [event.name for event in on_stage.events].count("problem") == 1
        assert finished.interrupted_by is None
