"""How a turn ended, if it ended badly: the reason and its values out of its record. Pure.

The reasons are keys of the language data (`why_not.yaml`), see `voice/why_not.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vesper.base.events import Problem
from vesper.voice.trace import TurnRecord

Found = tuple[str, Mapping[str, Any]]
_DEADLINES = (".hung", ".not_ready", ".stuck", ".silent", ".no_answer")
"""How the code of an error ends that says that something took too long."""

_INTERRUPTERS = ("wake", "stop", "speech", "user")
_LONGEST_WORDS = 80
_STAGES = ("hear", "recognise", "understand", "act")


def of_turn(record: TurnRecord, *, problem: Problem | None = None, cut_by: str | None = None) -> Found | None:
    """Why this turn gave no answer, or None where it gave one.

    `problem` is what was told about it, `cut_by` who silenced its answer.
    """
    facts = record.facts
    match record.outcome:
        case "failed":
            return _failed(record, problem)
        case "interrupted":
            return "interrupted", {"by": cut_by if cut_by in _INTERRUPTERS else "user"}
        case "unclaimed":
            return _unclaimed(record)
        case "false_wake":
            return "woke_for_nothing", {}
        case "asked" | "nothing_said":
            return _not_heard(record) if not facts.get("intents") else _asked(record)
        case _:
            return None


def _failed(record: TurnRecord, problem: Problem | None) -> Found:
    """Which stage failed, and after how long where it was a deadline that ran out."""
    if record.facts.get("end") == "device":
        return "lost_meanwhile", {}
    stage = next((name for name in reversed(_STAGES) if name in record.ms), "begin")
    if problem is None:
        return "failed", {"stage": stage}
    values = {"stage": stage, "sentence": problem.sentence, "hint": problem.hint}
    if problem.code.endswith(_DEADLINES) and stage in record.ms:
        return "too_late", {**values, "after_s": record.ms[stage] / 1000}
    return "failed_because", values


def _unclaimed(record: TurnRecord) -> Found:
    """Nobody claimed the sentence: what came nearest."""
    nearest: Mapping[str, float] = record.facts.get("nearest") or {}
    if not nearest:
        return _worded("unclaimed", {"said": record.said})
    best = max(nearest, key=lambda intent: nearest[intent])
    return _worded("unclaimed_nearly", {"said": record.said, "intent": best, "score": nearest[best]})


def _not_heard(record: TurnRecord) -> Found | None:
    """Nothing was understood: rejected, doubted, without words, or without a voice."""
    facts = record.facts
    values = {"score": facts.get("confidence", 0.0), "needed": facts.get("needed", 0.0)}
    match facts.get("verdict"):
        case "rejected":
            return _worded("rejected", {"said": record.guess, **values})
        case "unsure":
            return _worded("doubted", {"said": record.said, **values})
        case None if facts.get("end") == "nothing":
            return ("woke_for_nothing" if record.opened_by == "wake" else "heard_nothing"), {}
        case _:
            return ("no_words", {}) if not record.said else _asked(record)


def _asked(record: TurnRecord) -> Found:
    """Vesper asked something back and still waits for the answer."""
    return _worded("asked", {"said": record.answered})


def _worded(reason: str, values: Mapping[str, Any]) -> Found:
    """The reason with the words `said` cut to what can be listened to; another one where they were not kept."""
    words = str(values["said"])
    if not words:
        return f"{reason}_wordless", values
    shown = words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS].rsplit(" ", 1)[0] + "…"
    return reason, {**values, "said": shown}
