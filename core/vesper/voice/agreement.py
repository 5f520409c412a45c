"""Agreement: whether two recognisers heard the same, and what that makes of a command.

In: the transcript of the recogniser of commands, which finds one in any speech, and that of the gatekeeper, which may
hear anything. Out: the command, with how sure it is. Pure.

Sounds are compared rather than words: "what's the time" and "what is the time" are different words and much the same
sound. Of recorded speech that was no command 91 % became one without this, 26 % do with it; it keeps 97 % of the
right commands and two thirds of the wrong ones (docs/decisions/0007).
"""

from __future__ import annotations

from dataclasses import replace

from vesper.base.edits import edits
from vesper.ports.stt import Transcript

LEAST_AGREEMENT = 0.35
"""Commands with less of it are rejected."""


def agreement(command: Transcript, opinion: Transcript) -> float:
    """How alike two transcripts sound: 1 for the same, 0 for nothing in common."""
    if command.sounds and opinion.sounds:
        one, other = command.sounds, opinion.sounds
    else:
        one, other = tuple(command.text.split()), tuple(opinion.text.split())
    longer = max(len(one), len(other))
    return 1 - edits(one, other) / longer if longer else 0.0


def agreed(command: Transcript, opinion: Transcript) -> Transcript:
    """The command as far as the gatekeeper's opinion bears it out; what it was is then an alternative at most."""
    if not command.text:
        return command
    sure = round(agreement(command, opinion), 3)
    others = tuple(dict.fromkeys(text for text in (*command.alternatives, opinion.text) if text))
    facts = {**command.facts, "opinion": opinion.text}
    if sure >= LEAST_AGREEMENT:
        return replace(command, confidence=sure, alternatives=others, facts=facts)
    return replace(
        command, text="", confidence=sure, alternatives=(command.text, *others), verdict="rejected", facts=facts
    )
