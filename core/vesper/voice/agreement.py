"""Agreement: whether the recognisers heard the same, and what that makes of a command.

In: the transcript of the recogniser of commands, which finds one in any speech; the readings of the gatekeeper, which
may hear anything; what the live recogniser understood; how noisy it was. Out: the command, with how sure it is. Pure.

With the gatekeeper sounds are compared rather than words: "what's the time" and "what is the time" are different words
and much the same sound. Its likeliest reading is often odd at one place, so all of them count beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vesper.audio.levels import LOUDEST_RATIO_DB
from vesper.base.edits import edits
from vesper.ports.stt import Transcript

LEAST_AGREEMENT = 0.35
"""Commands with less of it are rejected. Of right commands 99 % have it, of other speech 29 % (docs/decisions/0007)."""

SURE_AGREEMENT = 0.47
"""Commands with less of it are asked about first. Of right commands 97 % have it, of other speech 10 %."""

# The live recogniser has the same sentences and sounds, so its word counts for less than the gatekeeper's.
_LIVE_WEIGHT = 0.3

NOISY_DB = 18.0
"""Below this ratio of speech to room more agreement is asked for (docs/decisions/0011)."""

SURE_AGREEMENT_IN_NOISE = 0.65
"""Commands with less of it are asked about first where it is noisy."""

VERY_NOISY_DB = 8.0
"""Below this ratio a command must also be heard with all the noise in it, and much alike."""

TOO_NOISY_DB = 5.0
"""Below this ratio most of what is said is misheard, so that noise is why nothing was understood."""

_LEAST_ALIKE_IN_NOISE = 0.9


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the others heard, and in how much noise.

    `readings` are the gatekeeper's, likeliest first; `live` is what was understood live, None where nobody listened;
    `unclean` is the command that is heard with all the noise in it, None where that was not tried; `snr_db` is the
    ratio of speech to room.
    """

    readings: Sequence[Transcript]
    live: Sequence[str] | None = None
    unclean: Transcript | None = None
    snr_db: float = LOUDEST_RATIO_DB


def is_very_noisy(snr_db: float) -> bool:
    """Whether one decoding of the command is not enough."""
    return snr_db < VERY_NOISY_DB


def sure_agreement(snr_db: float) -> float:
    """The agreement from which on a command is done without a question."""
    return SURE_AGREEMENT_IN_NOISE if snr_db < NOISY_DB else SURE_AGREEMENT


def is_too_noisy(snr_db: float | None) -> bool:
    """Whether noise is why nothing was understood."""
    return snr_db is not None and snr_db < TOO_NOISY_DB


def agreement(command: Transcript, opinions: Opinions) -> float:
    """How much of a command the others heard too: 1 for all, 0 for nothing.

    Of the live texts the one that is most like it counts: in the silence behind a sentence the live recogniser may
    change its mind for the worse.
    """
    alike = [_likeness(*_comparable(command, reading)) for reading in opinions.readings]
    gatekeeper = (alike[0] + sum(alike) / len(alike)) / 2 if alike else 0.0
    if opinions.live is None:
        return gatekeeper
    heard_live = max((_likeness(command.text.split(), text.split()) for text in opinions.live), default=0.0)
    return (gatekeeper + _LIVE_WEIGHT * heard_live) / (1 + _LIVE_WEIGHT)


def agreed(command: Transcript, opinions: Opinions) -> Transcript:
    """The command as far as the others bear it out; what was rejected is an alternative at most."""
    if not command.text:
        return command
    confidence = round(agreement(command, opinions), 3)
    opinion = opinions.readings[0].text if opinions.readings else ""
    others = tuple(dict.fromkeys(text for text in (*command.alternatives, opinion) if text))
    facts = {**command.facts, "opinion": opinion, "live": opinions.live}
    judged = replace(command, confidence=confidence, alternatives=others, facts=facts)
    if confidence < LEAST_AGREEMENT:
        return replace(judged, text="", alternatives=(command.text, *others), verdict="rejected")
    is_sure = confidence >= sure_agreement(opinions.snr_db) and _is_heard_in_noise(command, opinions.unclean)
    return replace(judged, verdict="sure" if is_sure else "unsure")


def _is_heard_in_noise(command: Transcript, unclean: Transcript | None) -> bool:
    return unclean is None or _likeness(*_comparable(command, unclean)) >= _LEAST_ALIKE_IN_NOISE


def _comparable(one: Transcript, other: Transcript) -> tuple[Sequence[str], Sequence[str]]:
    """The sounds of both where both are known, else their words."""
    if one.sounds and other.sounds:
        return one.sounds, other.sounds
    return one.text.split(), other.text.split()


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    longer = max(len(one), len(other))
    return 1 - edits(one, other) / longer if longer else 0.0
