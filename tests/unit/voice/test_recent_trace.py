"""The trace of the last minutes: what it keeps, for how long, and what goes on just now."""

from __future__ import annotations

import pytest

from vesper.audio.loudness import Loudness
from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.events import (
    DeviceBack,
    DeviceLostEvent,
    Event,
    IntentUnderstood,
    LevelChanged,
    ListeningArmed,
    ListeningMuted,
    Problem,
    SettingChanged,
    SpeechEnded,
    SpeechPartial,
    SpeechStarted,
    TimerRang,
    TimerStopped,
    TurnFinished,
    WakeRejected,
)
from vesper.voice.recent_trace import (
    KEPT_S,
    MOST_KEPT,
    WHY_INTENT,
    Microphone,
    PastLoudness,
    PastTurn,
    RecentTrace,
    microphone_after,
)
from vesper.voice.trace import TurnRecord

NEAR = WakeRejected(phrase="okay nabu", score=0.55, why="below_threshold", threshold=0.7)
ARMED = ListeningArmed(phrases=("okay nabu",))
UNPLUGGED = Problem(code="microphone.missing", sentence="No microphone was found.", hint="Plug one in.")


class Watched:
    """A trace on a bus whose time the test moves."""

    def __init__(self, *, is_mute: bool = False) -> None:
        self.clock = VirtualClock()
        self.bus = EventBus(self.clock)
        self.trace = RecentTrace(self.bus, is_mute=lambda: is_mute)

    def tell(self, *events: Event) -> None:
        for event in events:
            self.bus.publish(event)


async def test_what_happened_is_there_at_once_and_forgotten_after_ten_minutes() -> None:
    watched = Watched()
    watched.tell(NEAR)
    assert [type(e) for e in watched.trace.recent().happenings] == [WakeRejected]
    await watched.clock.advance(KEPT_S - 1)
    watched.trace.keep(TurnRecord("a", "wake", "", "answered"))
    assert [type(e) for e in watched.trace.recent().happenings] == [WakeRejected, PastTurn]
    await watched.clock.advance(2)
    recent = watched.trace.recent()
    assert [type(e) for e in recent.happenings] == [PastTurn]
    assert recent.now == KEPT_S + 1


async def test_words_are_forgotten_while_nobody_asks() -> None:
    watched = Watched()
    watched.trace.keep(TurnRecord("a", "wake", "", "answered", said="my secret"))
    await watched.clock.advance(KEPT_S + 1)
    watched.trace.keep_loudness(Loudness(5.0, -60.0, -50.0, -65.0))
    assert [type(e) for e in watched.trace._happenings] == [PastLoudness]


def test_a_room_full_of_near_wakes_does_not_fill_the_memory() -> None:
    watched = Watched()
    for _ in range(3):
        watched.tell(*[NEAR] * MOST_KEPT)
        assert len(watched.trace.recent().happenings) == MOST_KEPT


def test_what_comes_many_times_a_second_is_left_out() -> None:
    watched = Watched()
    watched.tell(LevelChanged(dbfs=-40), SpeechPartial(text="what"))
    assert watched.trace.recent().happenings == ()


async def test_the_microphone_is_known_for_longer_than_ten_minutes() -> None:
    watched = Watched()
    watched.tell(ListeningMuted(phrases=("okay nabu",)))
    await watched.clock.advance(2 * KEPT_S)
    recent = watched.trace.recent()
    assert recent.happenings == ()
    assert (recent.microphone.state, recent.microphone.since) == ("muted", 0.0)


@pytest.mark.parametrize(
    ("before", "event", "state"),
    [
        ("starting", ARMED, "open"),
        ("starting", ListeningMuted(), "muted"),
        ("starting", UNPLUGGED, "failed"),
        ("open", DeviceLostEvent(device="mic", kind="input"), "lost"),
        ("open", DeviceLostEvent(device="speaker", kind="output"), "open"),
        ("open", UNPLUGGED, "failed"),
        ("open", Problem(code="stt.hung", sentence="Too long."), "open"),
        ("lost", UNPLUGGED, "lost"),
        ("lost", DeviceBack(device="mic", kind="input"), "lost"),
        ("lost", ARMED, "open"),
        ("muted", UNPLUGGED, "failed"),
        ("failed", ARMED, "open"),
    ],
)
def test_the_microphone_follows_what_is_told_of_it(before: str, event: Event, state: str) -> None:
    assert microphone_after(Microphone(before), event).state == state  # type: ignore[arg-type]


def test_the_wake_phrases_follow_the_settings() -> None:
    armed = microphone_after(Microphone(), ARMED)
    assert microphone_after(armed, SettingChanged(setting="wake.phrases", value=["alexa"])).phrases == ("alexa",)
    assert microphone_after(armed, SettingChanged(setting="voice.rate", value=200)) is armed


def test_sound_that_arrives_proves_that_the_microphone_is_open_after_all() -> None:
    watched = Watched()
    watched.tell(ARMED, UNPLUGGED)
    assert watched.trace.recent().microphone.state == "failed"
    watched.trace.keep_loudness(Loudness(5.0, -60.0, -50.0, -65.0))
    assert watched.trace.recent().microphone.state == "open"


async def test_ringing_lasts_from_the_first_ring_to_the_last_stop() -> None:
    watched = Watched()
    await watched.clock.advance(5)
    watched.tell(TimerRang(timer_name="tea", due="", id="a"))
    await watched.clock.advance(5)
    watched.tell(TimerRang(timer_name="egg", due="", id="b"))
    assert watched.trace.recent().ringing_since == 5
    watched.tell(TimerStopped(timer_name="tea", due="", id="a"))
    assert watched.trace.recent().ringing_since == 10
    watched.tell(TimerStopped(timer_name="egg", due="", id="b"))
    assert watched.trace.recent().ringing_since is None


async def test_a_spoken_turn_keeps_vesper_busy_until_it_is_over() -> None:
    watched = Watched()
    await watched.clock.advance(3)
    watched.tell(SpeechStarted(turn="a"), SpeechEnded(turn="a", reason="silence", silence_ms=500))
    assert watched.trace.recent().busy_since == 3
    watched.tell(TurnFinished(turn="a", outcome="answered"))
    assert watched.trace.recent().busy_since is None


def test_the_turn_that_asks_why_is_not_what_vesper_is_busy_with() -> None:
    watched = Watched()
    watched.tell(SpeechStarted(turn="a"), IntentUnderstood(turn="a", intents=({"intent": WHY_INTENT},)))
    assert watched.trace.recent().busy_since is None


def test_whether_answers_are_only_written_is_asked_when_it_matters() -> None:
    assert Watched(is_mute=True).trace.recent().is_mute
