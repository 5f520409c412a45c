"""Agreement: whether the recognisers heard the same, and what that makes of a command.

In: the transcript of the recogniser of commands, which finds one in any speech; the readings of the gatekeeper, which
may hear anything; and what the live recogniser understood. Out: the command, with how sure it is. Pure.

With the gatekeeper sounds are compared rather than words: "what's the time" and "what is the time" are different words
and much the same sound. Its likeliest reading is often odd at one place, so all of them count beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vesper.base.edits import edits
from vesper.ports.stt import Transcript, Verdict

LEAST_AGREEMENT = 0.35
"""Commands with less of it are rejected. Of right commands 99 % have it, of other speech 29 % (docs/decisions/0007)."""

SURE_AGREEMENT = 0.47
"""Commands with less of it are asked about first. Of right commands 97 % have it, of other speech 10 %."""

# The live recogniser has the same sentences and sounds, so its word counts for less than the gatekeeper's.
_LIVE_WEIGHT = 0.3


def agreement(command: Transcript, readings: Sequence[Transcript], live: Sequence[str] | None = None) -> float:
    """How much of a command the others heard too: 1 for all, 0 for nothing.

    Of the texts in `live` the one that is most like it counts: in the silence behind a sentence the live recogniser may
    change its mind for the worse. `live` is None where nobody listened live.
    """
    alike = [_likeness(*_comparable(command, reading)) for reading in readings]
    gatekeeper = (alike[0] + sum(alike) / len(alike)) / 2 if alike else 0.0
    if live is None:
        return gatekeeper
    heard_live = max((_likeness(command.text.split(), text.split()) for text in live), default=0.0)
    return (gatekeeper + _LIVE_WEIGHT * heard_live) / (1 + _LIVE_WEIGHT)


def agreed(command: Transcript, readings: Sequence[Transcript], live: Sequence[str] | None = None) -> Transcript:
    """The command as far as the others bear it out; what was rejected is an alternative at most."""
    if not command.text:
        return command
    confidence = round(agreement(command, readings, live), 3)
    opinion = readings[0].text if readings else ""
    others = tuple(dict.fromkeys(text for text in (*command.alternatives, opinion) if text))
    facts = {**command.facts, "opinion": opinion, "live": live}
    judged = replace(command, confidence=confidence, alternatives=others, facts=facts)
    if confidence < LEAST_AGREEMENT:
        return replace(judged, text="", alternatives=(command.text, *others), verdict="rejected")
    verdict: Verdict = "sure" if confidence >= SURE_AGREEMENT else "unsure"
    return replace(judged, verdict=verdict)


def _comparable(one: Transcript, other: Transcript) -> tuple[Sequence[str], Sequence[str]]:
    """The sounds of both where both are known, else their words."""
    if one.sounds and other.sounds:
        return one.sounds, other.sounds
    return one.text.split(), other.text.split()


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    longer = max(len(one), len(other))
    return 1 - edits(one, other) / longer if longer else 0.0
