"""Openings: what a signal does in which phase, and that the newest opening waits until it is taken."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from vesper.audio.interruption import TABLE, Phase, Signal
from vesper.voice.openings import Opening, Openings

WAKE = Opening("wake", 0, 100, 5.0, phrase="okay nabu")
TALK = Opening("talk", 50, 50, 5.0)


@dataclass
class Hooked:
    """Openings whose hooks write down what they were asked for."""

    openings: Openings = field(default_factory=Openings)
    done: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.openings.cut_sound = lambda by: self.done.append(f"cut by {by}")
        self.openings.give_up_hearing = lambda: self.done.append("give up")
        self.openings.stop_ringing = lambda: self.done.append("stop ringing")

    def signal(self, signal: Signal, phase: Phase, opening: Opening | None = None) -> list[str]:
        self.openings.phase = phase
        self.openings.signal(signal, opening)
        return self.done


def test_the_table_knows_every_signal_in_every_phase() -> None:
    assert set(TABLE) == {(signal, phase) for signal in Signal for phase in Phase}


@pytest.mark.parametrize("phase", Phase)
def test_the_wake_phrase_always_opens_a_turn_and_cuts_what_sounds(phase: Phase) -> None:
    hooked = Hooked()
    assert "cut by wake" in hooked.signal(Signal.WAKE, phase, WAKE)
    assert hooked.openings.is_pending


def test_the_button_pressed_while_vesper_hears_changes_nothing() -> None:
    hooked = Hooked()
    assert hooked.signal(Signal.TALK, Phase.HEARING, TALK) == []
    assert not hooked.openings.is_pending


def test_the_word_stop_in_a_sentence_belongs_to_the_sentence() -> None:
    assert Hooked().signal(Signal.STOP_PHRASE, Phase.HEARING) == []


@pytest.mark.parametrize("signal", [Signal.STOP_KEY, Signal.STOP_PHRASE])
def test_stopping_silences_and_ends_ringing_without_opening_a_turn(signal: Signal) -> None:
    hooked = Hooked()
    by = "user" if signal is Signal.STOP_KEY else "stop"
    assert hooked.signal(signal, Phase.SPEAKING) == [f"cut by {by}", "stop ringing"]
    assert not hooked.openings.is_pending


def test_the_stop_key_gives_up_what_is_heard() -> None:
    assert "give up" in Hooked().signal(Signal.STOP_KEY, Phase.HEARING)


def test_who_cuts_while_vesper_thinks_is_remembered_because_nothing_sounds_yet() -> None:
    hooked = Hooked()
    hooked.signal(Signal.STOP_KEY, Phase.THINKING)
    hooked.signal(Signal.WAKE, Phase.THINKING, WAKE)
    assert hooked.openings.silenced_by == "user"


async def test_the_newest_opening_is_taken_once() -> None:
    openings = Openings()
    openings.offer(TALK)
    openings.offer(WAKE)
    assert await openings.next() is WAKE
    assert not openings.is_pending


async def test_who_waits_gets_the_opening_that_comes() -> None:
    openings = Openings()
    taking = asyncio.create_task(openings.next())
    await asyncio.sleep(0)
    openings.offer(TALK)
    assert await taking is TALK


async def test_a_withdrawn_opening_is_never_taken() -> None:
    openings = Openings()
    openings.offer(TALK)
    openings.withdraw()
    openings.offer(WAKE)
    assert await openings.next() is WAKE
