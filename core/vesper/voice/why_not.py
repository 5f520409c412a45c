"""Why Vesper did not answer: one reason out of the last minutes, and the one sentence that says it. Pure.

Several things can have gone wrong, and one sentence is wanted. So the reasons stand in a fixed order, and the first one
that fits is told (docs/decisions/0009):

    1. what keeps Vesper from hearing just now: nobody runs, the microphone is off, cannot be opened, lost or starting,
       a timer rings, another request is under way, no sound at all arrives
    2. how the last turn ended, if it ended badly within the last minute
    3. the wake phrase that was nearly heard within the last two minutes
    4. how the last turn ended, if it ended badly within the last ten
    5. what was in the way lately: an engine was restarted, the microphone was off or away, the voice failed
    6. the answer was only written
    7. an older near wake; a microphone that is too quiet; no wake phrase at all
    8. nothing that Vesper knows of
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vesper.base.events import EngineRestarted, Problem, SpeakingFinished, WakeHeard, WakeRejected
from vesper.skills.skill import Words
from vesper.voice.recent_trace import KEPT_S, PastLoudness, PastTurn, Recent
from vesper.voice.trace import TurnRecord
from vesper.voice.why_turn import of_turn

JUST_NOW_S = 60.0
LATELY_S = 120.0
SILENT_S = 10.0
"""So much sound must have been measured before silence is blamed: a muted cable is silent for ever, a door is not."""

NO_SOUND_DBFS = -90.0
"""No sample louder than this: zeros, or the last bit of 16. Every real microphone has more noise of its own."""

QUIET_DBFS = -45.0
"""No sample louder than this: speech at arm's length peaks above -30."""

LOUD_ROOM_DBFS = -38.0
"""Noise from which on a room is loud, also between two words: speech at arm's length has a mean of about -30."""

SAME_BREATH_S = 2.0
"""A near wake this soon before a hit is the beginning of the very phrase that was then heard."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reason (a key of the language data, `why_not.yaml`) and its values: names ending in `_s` are seconds.

    `before` is what had gone wrong while Vesper still ran.
    """

    reason: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    before: Explanation | None = None


def explain(recent: Recent) -> Explanation:
    """The likeliest single reason why Vesper did not answer. Never raises, always gives one."""
    return next(found for step in _ORDER if (found := step(recent)) is not None)


def sentence(explanation: Explanation, words: Words, examples: Mapping[str, Sequence[str]]) -> str:
    """The explanation in the user's language: what was the matter, and what to do.

    `words` are those of `why_not.yaml`, `examples` sentences by intent.
    """
    values = dict(_worded(explanation.values, words, examples))
    said = words.say(explanation.reason, **values).strip()
    return said if explanation.before is None else f"{said} {sentence(explanation.before, words, examples)}"


def _worded(
    values: Mapping[str, Any], words: Words, examples: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if name.endswith("_s"):
            yield name.removesuffix("_s"), words.duration(_round(value))
        elif name in {"stage", "by"}:
            yield name, words.say(f"{name}_{value}")
        elif name == "intent":
            yield "example", next(iter(examples.get(value, ())), value)
        else:
            yield name, value


def _round(seconds: float) -> float:
    """As exact as people say it: seconds, then five of them, then minutes."""
    if seconds < 10:
        return max(1.0, round(seconds))
    return 5.0 * round(seconds / 5) if seconds < 58 else 60.0 * round(seconds / 60)


# ---------------------------------------------------------------- what is so just now


def _not_running(recent: Recent) -> Explanation | None:
    if recent.is_running:
        return None
    return Explanation("not_running", before=_bad_turn(recent, KEPT_S))


def _microphone(recent: Recent) -> Explanation | None:
    microphone = recent.microphone
    since = {"since_s": recent.now - microphone.since}
    problem = microphone.problem
    match microphone.state:
        case "open":
            return None
        case "failed" if problem is not None:
            return Explanation("microphone_failed", {"sentence": problem.sentence, "hint": problem.hint})
        case state:
            return Explanation(state if state in {"muted", "lost"} else "starting", since)


def _ringing(recent: Recent) -> Explanation | None:
    return None if recent.ringing_since is None else Explanation("ringing")


def _busy(recent: Recent) -> Explanation | None:
    since = recent.busy_since
    return None if since is None else Explanation("busy", {"since_s": recent.now - since})


def _no_sound(recent: Recent) -> Explanation | None:
    measured = _measured(recent)
    peak, seconds = max((m.peak_dbfs for m in measured), default=0.0), sum(m.seconds for m in measured)
    if seconds < SILENT_S or peak > NO_SOUND_DBFS:
        return None
    return Explanation("no_sound", {"since_s": seconds})


# -------------------------------------------------------------------- what was tried


def _failed_just_now(recent: Recent) -> Explanation | None:
    return _bad_turn(recent, JUST_NOW_S)


def _failed_before(recent: Recent) -> Explanation | None:
    return _bad_turn(recent, KEPT_S)


def _bad_turn(recent: Recent, within_s: float) -> Explanation | None:
    """How the last turn ended, unless it ended well. A question back that found nobody is no turn of its own."""
    turn = next(_turns(recent), None)
    if turn is None or turn.at < recent.now - within_s:
        return None
    told = [happening for happening in recent.happenings if getattr(happening, "turn", None) == turn.record.id]
    problem = next((event for event in told if isinstance(event, Problem)), None)
    cut_by = next((event.interrupted_by for event in told if isinstance(event, SpeakingFinished)), None)
    found = of_turn(turn.record, problem=problem, cut_by=cut_by)
    if found is None:
        return None
    reason, values = found
    return Explanation(reason, {"ago_s": recent.now - turn.at, **values})


def _turns(recent: Recent) -> Iterator[PastTurn]:
    """The turns that count, the newest first: not those that only asked why, nor a follow-up that nobody used."""
    for happening in reversed(recent.happenings):
        if isinstance(happening, PastTurn) and not (happening.asked_why or _is_left_alone(happening.record)):
            yield happening


def _is_left_alone(record: TurnRecord) -> bool:
    """Whether nobody used the chance to go on without the wake phrase."""
    found_nothing = record.outcome == "nothing_said" and record.facts.get("verdict") != "rejected"
    return record.opened_by == "follow_up" and found_nothing


def _near_wake_lately(recent: Recent) -> Explanation | None:
    return _near_wake(recent, LATELY_S)


def _near_wake_before(recent: Recent) -> Explanation | None:
    answered = next((turn.at for turn in _turns(recent)), 0.0)
    return _near_wake(recent, min(KEPT_S, recent.now - answered))


def _near_wake(recent: Recent, within_s: float) -> Explanation | None:
    """The best of the near wakes; what it is told with depends on how loud the room was then."""
    near = [event for event in _missed(recent) if _ago(recent, event.at) <= within_s]
    if not near:
        return None
    best = max(near, key=lambda event: event.score)
    values = {
        "phrase": best.phrase,
        "score": best.score,
        "threshold": best.threshold,
        "ago_s": _ago(recent, best.at),
    }
    if best.threshold <= 0:
        return Explanation("near_wake_unscored", values)
    return Explanation("near_wake_loud" if _was_loud(recent, best.at or 0.0) else "near_wake", values)


def _missed(recent: Recent) -> Iterator[WakeRejected]:
    """The near wakes that came to nothing."""
    hits = [event.at or 0.0 for event in recent.happenings if isinstance(event, WakeHeard)]
    for event in recent.happenings:
        if isinstance(event, WakeRejected) and not any(0 <= hit - (event.at or 0.0) <= SAME_BREATH_S for hit in hits):
            yield event


def _was_loud(recent: Recent, at: float) -> bool:
    around = (m for m in recent.happenings if isinstance(m, PastLoudness) and m.at - m.seconds <= at <= m.at)
    return any(m.floor_dbfs > LOUD_ROOM_DBFS for m in around)


# ------------------------------------------------------------------ what was in the way


def _restarted(recent: Recent) -> Explanation | None:
    restart = _last(recent, EngineRestarted, LATELY_S)
    if restart is None:
        return None
    return Explanation("restarted", {"engine": restart.engine, "ago_s": _ago(recent, restart.at)})


def _microphone_was_away(recent: Recent) -> Explanation | None:
    microphone = recent.microphone
    ago = recent.now - microphone.since
    if microphone.was not in {"muted", "lost", "failed"} or ago > LATELY_S:
        return None
    return Explanation("was_muted" if microphone.was == "muted" else "was_lost", {"ago_s": ago})


def _voice_failed(recent: Recent) -> Explanation | None:
    problems = [e for e in recent.happenings if isinstance(e, Problem) and e.code.startswith(("speaker.", "tts."))]
    if not problems:
        return None
    last = problems[-1]
    return Explanation("voice_failed", {"sentence": last.sentence, "hint": last.hint, "ago_s": _ago(recent, last.at)})


def _only_written(recent: Recent) -> Explanation | None:
    turn = next(_turns(recent), None)
    if not recent.is_mute or turn is None:
        return None
    return Explanation("only_written", {"ago_s": recent.now - turn.at})


def _quiet(recent: Recent) -> Explanation | None:
    measured = _measured(recent)
    peak, seconds = max((m.peak_dbfs for m in measured), default=0.0), sum(m.seconds for m in measured)
    if seconds < SILENT_S or peak > QUIET_DBFS:
        return None
    return Explanation("quiet", {"since_s": seconds, "peak": peak})


def _unheard(recent: Recent) -> Explanation | None:
    """No wake phrase and no turn at all, in as long as the trace reaches."""
    phrases = recent.microphone.phrases
    if next(_turns(recent), None) is not None:
        return None
    if not phrases:
        return Explanation("no_phrase")
    if any(isinstance(happening, WakeHeard) for happening in recent.happenings):
        return None
    return Explanation("unheard", {"phrase": phrases[0], "since_s": min(KEPT_S, recent.now)})


def _nothing(recent: Recent) -> Explanation:
    return Explanation("nothing", {"since_s": min(KEPT_S, recent.now)})


_ORDER: tuple[Callable[[Recent], Explanation | None], ...] = (
    _not_running,
    _microphone,
    _ringing,
    _busy,
    _no_sound,
    _failed_just_now,
    _near_wake_lately,
    _failed_before,
    _restarted,
    _microphone_was_away,
    _voice_failed,
    _only_written,
    _near_wake_before,
    _quiet,
    _unheard,
    _nothing,
)


def _measured(recent: Recent) -> list[PastLoudness]:
    """How loud it was lately, since the microphone was opened."""
    since = max(recent.now - LATELY_S, recent.microphone.since)
    return [m for m in recent.happenings if isinstance(m, PastLoudness) and m.at > since]


def _last(recent: Recent, kind: type[EngineRestarted], within_s: float) -> EngineRestarted | None:
    found = (e for e in reversed(recent.happenings) if isinstance(e, kind) and _ago(recent, e.at) <= within_s)
    return next(found, None)


def _ago(recent: Recent, at: float | None) -> float:
    return recent.now - (at or 0.0)
