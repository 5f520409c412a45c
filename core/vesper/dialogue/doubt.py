"""Doubt: a spoken sentence that was not surely heard is asked about before anything is done.

"Did you say: turn it off?" is a question like any other of the session: yes goes on with the sentence, no asks for it
once more, and a whole new request goes before it. Stopping is never doubted: a stop too many costs nothing. Neither
is the answer to a question: "Did you say yes?" would be one too many. What cannot be taken back is asked about in
noise however surely it was heard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vesper.dialogue.utterance import Utterance
from vesper.skills.skill import Question
from vesper.understanding.intents import IntentMatch
from vesper.understanding.recogniser import CANCEL_INTENT

# Below this ratio of speech to room a tenth of what is done was misheard, also where the recognisers agree.
_NOISY_DB = 12.0
_DOUBTED = "doubted"
_SENTENCE = "sentence"


def is_doubted(
    utterance: Utterance, matches: Sequence[IntentMatch], asked: Question | None, *, harmful: Collection[str] = ()
) -> bool:
    """Whether to ask before doing what was understood; `asked` is what Vesper was waiting for.

    `harmful` intents cannot be taken back: in noise they are asked about however surely they were heard.
    """
    harmless = {CANCEL_INTENT, _DOUBTED, *((asked.intent,) if asked else ())}
    wanted = {match.intent for match in matches} - harmless
    is_noisy = utterance.snr_db is not None and utterance.snr_db < _NOISY_DB
    return bool(wanted) if utterance.verdict == "unsure" else is_noisy and not wanted.isdisjoint(harmful)


def question(prompt: str, sentence: str) -> Question:
    """The question whether this sentence was said."""
    return Question("confirm", prompt, _DOUBTED, slots={_SENTENCE: sentence})


def confirmed(matches: Sequence[IntentMatch]) -> str | None:
    """The doubted sentence, where the answer was yes."""
    return str(matches[0].slots[_SENTENCE]) if matches and matches[0].intent == _DOUBTED else None


def is_denied(matches: Sequence[IntentMatch], asked: Question | None) -> bool:
    """Whether the answer to the question was no."""
    return asked is not None and asked.intent == _DOUBTED and [m.intent for m in matches] == [CANCEL_INTENT]
