"""One reason out of the last minutes, in a fixed order, told in one sentence with what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from vesper.base.events import EngineRestarted, Problem, SpeakingFinished, WakeHeard, WakeRejected
from vesper.base.language import Phrases, load_language
from vesper.voice.recent_trace import WHY_INTENT, Happening, Microphone, PastLoudness, PastTurn, Recent
from vesper.voice.trace import TurnRecord
from vesper.voice.why_not import Explanation, explain, sentence

NOW = 1000.0
OPEN = Microphone("open", 0.0, ("okay nabu",))
SLOW = Problem(turn="t", code="stt.hung", sentence="The speech recogniser took too long.", hint="Please say it again.")


def happened(*happenings: Happening, **state: Any) -> Recent:
    ordered = sorted(happenings, key=lambda happening: happening.at or 0.0)
    return replace(Recent(NOW, tuple(ordered), OPEN), **state)


def near(ago: float, score: float = 0.55, threshold: float = 0.7) -> WakeRejected:
    return WakeRejected(at=NOW - ago, phrase="okay nabu", score=score, why="below_threshold", threshold=threshold)


def turn(ago: float, outcome: str = "answered", opened_by: str = "wake", **facts: Any) -> PastTurn:
    return PastTurn(NOW - ago, TurnRecord("t", opened_by, "", outcome, {"hear": 900.0}, {"intents": [], **facts}))


def failed(ago: float) -> tuple[PastTurn, Problem]:
    ended = turn(ago, "failed", error="stt.hung", end="silence")
    ended.record.ms["recognise"] = 8000.0
    return ended, replace(SLOW, at=NOW - ago)


def rejected(ago: float) -> PastTurn:
    ended = turn(ago, "asked", verdict="rejected", confidence=0.3, needed=0.35)
    ended.record.guess = "set a timer for five minutes"
    return ended


def loudness(ago: float, peak: float, floor: float = -60.0) -> PastLoudness:
    return PastLoudness(NOW - ago, 5.0, peak, floor)


def measured(peak: float, seconds: float = 120.0) -> list[PastLoudness]:
    return [loudness(ago, peak) for ago in range(0, int(seconds), 5)]


WAKE = WakeHeard(at=NOW - 30, phrase="okay nabu", score=0.9, ended_at=NOW - 31)
RESTART = EngineRestarted(at=NOW - 20, engine="pocketsphinx", why="it died")
MUTE_SPEAKER = Problem(at=NOW - 20, code="speaker.missing", sentence="No speaker was found.", hint="Plug one in.")
CLOSED = Problem(code="microphone.denied", sentence="Vesper may not use the microphone.", hint="Allow it.")

REASONS: list[tuple[str, Recent, str]] = [
    (
        "not_running",
        happened(is_running=False),
        "Vesper is not running, so nobody is listening. Start it with `vesper`.",
    ),
    (
        "muted",
        happened(microphone=Microphone("muted", NOW - 130)),
        "The microphone has been switched off for 2 minutes. Switch it on in the window or with `vesper --unmute`.",
    ),
    (
        "microphone_failed",
        happened(microphone=Microphone("failed", NOW - 5, problem=CLOSED)),
        "I can't hear you: Vesper may not use the microphone. Allow it.",
    ),
    (
        "lost",
        happened(microphone=Microphone("lost", NOW - 12)),
        "The microphone went away 10 seconds ago. Connect it again, or choose another one in the settings.",
    ),
    (
        "starting",
        happened(microphone=Microphone()),
        "I'm still starting, and the microphone is not open yet. Try again in a moment.",
    ),
    ("ringing", happened(ringing_since=NOW - 3), "A timer is ringing, and I hear badly through it. Say “stop” first."),
    (
        "busy",
        happened(busy_since=NOW - 4),
        "I have been busy with another request for 4 seconds. Wait for its answer, or press stop.",
    ),
    (
        "no_sound",
        happened(*measured(-120.0)),
        "I have heard no sound at all for 2 minutes. Check that the microphone is not muted at its own switch or in "
        "the system, and that the right one is chosen in the settings.",
    ),
    (
        "too_late",
        happened(*failed(23)),
        "Your request 25 seconds ago ran out of time: I gave up working out your words after 8 seconds. "
        "The speech recogniser took too long. Please say it again.",
    ),
    (
        "rejected",
        happened(rejected(20)),
        "I heard something like “set a timer for five minutes” 20 seconds ago, but was not sure enough (0.30 where "
        "0.35 is needed). Say it again a little slower and closer, or type it.",
    ),
    (
        "unclaimed_nearly_wordless",
        happened(turn(20, "unclaimed", nearest={"clock.time": 0.62}, verdict="sure")),
        "Nothing I can do fitted your sentence 20 seconds ago; nearest was “what time is it” (0.62 of 1). "
        "Say it more like that.",
    ),
    (
        "interrupted",
        happened(
            turn(20, "interrupted"), SpeakingFinished(turn="t", at=NOW - 21, heard="You could", interrupted_by="stop")
        ),
        "My answer 20 seconds ago was cut off by “stop”. Ask once more, or say “repeat that”.",
    ),
    (
        "near_wake",
        happened(near(90, 0.4), near(20), near(10, 0.5)),
        "I heard something like “okay nabu” 20 seconds ago, but it only scored 0.55 where 0.70 is needed. Speak a "
        "little closer to the microphone, or choose “keen” under sensitivity in the settings.",
    ),
    (
        "near_wake_loud",
        happened(near(20), loudness(17, -5.0, floor=-30.0)),
        "I heard something like “okay nabu” 20 seconds ago, but it only scored 0.55 where 0.70 is needed, because it "
        "was loud around us. Come closer to the microphone, or turn the noise down.",
    ),
    (
        "near_wake_unscored",
        happened(near(20, threshold=0.0)),
        "I heard something like “okay nabu” 20 seconds ago, but not clearly enough. Speak a little closer to the "
        "microphone.",
    ),
    (
        "restarted",
        happened(RESTART),
        "A part of me (pocketsphinx) had to be started again 20 seconds ago. It works now: say your request once more.",
    ),
    (
        "was_muted",
        happened(microphone=Microphone("open", NOW - 15, ("okay nabu",), was="muted")),
        "The microphone was switched off until 15 seconds ago. It is on now: say your request once more.",
    ),
    (
        "was_lost",
        happened(microphone=Microphone("open", NOW - 15, ("okay nabu",), was="lost")),
        "The microphone was away until 15 seconds ago. It is back now: say your request once more.",
    ),
    (
        "voice_failed",
        happened(turn(20, intents=["clock.time"]), MUTE_SPEAKER),
        "I could not speak my answer 20 seconds ago: No speaker was found. Plug one in.",
    ),
    (
        "only_written",
        happened(turn(20, intents=["clock.time"]), is_mute=True),
        "I did answer 20 seconds ago, but only in writing: speaking is switched off. Switch it on in the settings, "
        "under voice.",
    ),
    (
        "quiet",
        happened(*measured(-58.2)),
        "I have heard only very quiet sound for 2 minutes (at most -58 dB). Speak closer to the microphone, or turn "
        "its level up in the system's settings.",
    ),
    (
        "unheard",
        happened(*measured(-20.0)),
        "I have heard nothing like “okay nabu” in the last 10 minutes. Say it clearly before your request, or press "
        "the orb and speak.",
    ),
    (
        "no_phrase",
        happened(microphone=replace(OPEN, phrases=())),
        "No wake phrase is chosen, so I only listen when you press the orb or a key. Choose one in the settings.",
    ),
    (
        "nothing",
        happened(WAKE),
        "Nothing went wrong that I know of in the last 10 minutes. Say your request once more.",
    ),
]


def told(recent: Recent) -> str:
    pack = load_language("en")
    return sentence(explain(recent), Phrases(pack, "why_not"), pack.merged("examples"))


@pytest.mark.parametrize(("reason", "recent", "said"), REASONS, ids=[reason for reason, _, _ in REASONS])
def test_each_reason_is_found_and_told_with_what_to_do(reason: str, recent: Recent, said: str) -> None:
    assert explain(recent).reason == reason
    assert told(recent) == said


def test_a_reason_that_can_be_told_is_in_the_language_data_and_none_is_there_in_vain() -> None:
    from tests.unit.voice.test_why_turn import ENDINGS

    answers = set(load_language("en").section("why_not", "answers"))
    values = {key for key in answers if key.startswith(("stage_", "by_", "wakes"))}
    told_here = {reason for reason, _, _ in REASONS}
    assert answers - values == told_here | ENDINGS


# ----------------------------------------------------------------------------- the order

ORDER: list[Callable[[], Recent]] = [
    lambda: happened(is_running=False),
    lambda: happened(microphone=Microphone("muted", NOW - 5)),
    lambda: happened(ringing_since=NOW - 3),
    lambda: happened(busy_since=NOW - 4),
    lambda: happened(*measured(-120.0)),
    lambda: happened(rejected(50)),
    lambda: happened(near(100)),
    lambda: happened(rejected(300)),
    lambda: happened(RESTART),
    lambda: happened(microphone=Microphone("open", NOW - 100, ("okay nabu",), was="muted")),
    lambda: happened(MUTE_SPEAKER),
    lambda: happened(turn(500, intents=["clock.time"]), is_mute=True),
    lambda: happened(near(300)),
    lambda: happened(*measured(-58.0)),
    happened,
]


def both(first: Recent, second: Recent) -> Recent:
    """The two as one past: what goes on in either goes on, what happened in either happened."""

    def either(name: str) -> Any:
        plain = getattr(Recent(0.0, microphone=OPEN), name)
        value = getattr(first, name)
        return value if value != plain else getattr(second, name)

    state = {name: either(name) for name in ("microphone", "ringing_since", "busy_since", "is_mute", "is_running")}
    return happened(*first.happenings, *second.happenings, **state)


@pytest.mark.parametrize("place", range(len(ORDER) - 1))
def test_what_comes_first_in_the_order_is_told(place: int) -> None:
    """Each reason beside the next one in the order: the first wins, and without it the second does."""
    first, second = ORDER[place](), ORDER[place + 1]()
    assert explain(both(first, second)).reason == explain(first).reason
    assert explain(second).reason != "nothing"


def test_reasons_beside_each_other_are_not_the_same_unless_only_their_age_differs() -> None:
    reasons = [explain(make()).reason for make in ORDER]
    assert [r for r in reasons if reasons.count(r) > 1] == ["rejected", "near_wake", "rejected", "near_wake"]


# ------------------------------------------------------------------------------ the finer points


def test_a_turn_that_went_well_afterwards_puts_a_bad_one_to_rest() -> None:
    assert explain(happened(rejected(50), turn(20, intents=["clock.time"]))).reason == "nothing"


def test_asking_why_is_no_turn_of_its_own_and_neither_is_silence_after_an_answer() -> None:
    why = turn(10, intents=[WHY_INTENT])
    silence = turn(5, "nothing_said", "follow_up", end="nothing")
    cough = turn(4, "nothing_said", "follow_up", end="silence", verdict="empty")
    assert explain(happened(rejected(50), why, silence, cough)).reason == "rejected"
    mumbled = turn(3, "nothing_said", "follow_up", end="silence", verdict="rejected", confidence=0.2, needed=0.35)
    assert explain(happened(rejected(50), why, silence, mumbled)).reason == "rejected_wordless"


def test_a_why_that_was_doubted_first_is_no_turn_of_its_own_either() -> None:
    doubted = turn(10, "asked", verdict="unsure", confidence=0.4, needed=0.47, nearest={WHY_INTENT: 1.0})
    assert explain(happened(rejected(50), doubted)).reason == "rejected"


def test_a_near_wake_before_the_last_good_turn_is_old_news_after_two_minutes() -> None:
    good = turn(200, intents=["clock.time"])
    assert explain(happened(near(100), good)).reason == "near_wake"
    assert explain(happened(near(150), good)).reason == "near_wake"
    assert explain(happened(near(250), good)).reason == "nothing"


def test_a_short_silence_and_one_before_the_microphone_was_opened_are_no_reason() -> None:
    short = happened(*measured(-120.0, 5), WAKE)
    assert explain(short).reason == "nothing"
    reopened = replace(happened(*measured(-120.0), WAKE), microphone=replace(OPEN, since=NOW - 4))
    assert explain(reopened).reason == "nothing"


def test_one_sound_within_two_minutes_is_not_silence() -> None:
    assert explain(happened(*measured(-120.0), loudness(60, -20.0), WAKE)).reason == "nothing"


def test_a_near_wake_in_the_same_breath_as_a_hit_was_the_phrase_that_was_heard() -> None:
    heard = replace(WAKE, at=NOW - 20)
    assert explain(happened(near(20.2), heard)).reason == "nothing"
    assert explain(happened(near(23), heard)).reason == "near_wake"
    assert explain(happened(near(19), heard)).reason == "near_wake"


def test_loud_speech_in_a_quiet_room_is_no_noise() -> None:
    assert explain(happened(near(20), loudness(17, peak=-1.0, floor=-55.0))).reason == "near_wake"


def test_the_noise_of_another_moment_is_not_to_blame_for_a_near_wake() -> None:
    assert explain(happened(near(20), loudness(60, -5.0, floor=-30.0))).reason == "near_wake"


def test_where_nobody_runs_what_had_gone_wrong_before_is_told_too() -> None:
    recent = replace(happened(turn(20, "false_wake", end="nothing")), is_running=False)
    assert told(recent) == (
        "Vesper is not running, so nobody is listening. Start it with `vesper`. I woke 20 seconds ago but heard "
        "nothing after the wake phrase. Go on speaking right after it, without waiting."
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "1 second"),
        (7.4, "7 seconds"),
        (42.0, "40 seconds"),
        (57.9, "1 minute"),
        (89, "1 minute"),
        (599, "10 minutes"),
    ],
)
def test_times_are_as_exact_as_people_say_them(seconds: float, words: str) -> None:
    pack = load_language("en")
    said = sentence(Explanation("was_lost", {"ago_s": seconds}), Phrases(pack, "why_not"), {})
    assert f"until {words} ago" in said


def test_an_intent_without_an_example_is_told_by_its_name() -> None:
    values = {"ago_s": 20.0, "intent": "kettle.boil", "score": 0.5}
    said = sentence(Explanation("unclaimed_nearly_wordless", values), Phrases(load_language("en"), "why_not"), {})
    assert "“kettle.boil”" in said
