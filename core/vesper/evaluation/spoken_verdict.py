"""What became of one spoken sentence, judged by the events alone. Pure: events in, verdict out.

Slots are judged as intents are elsewhere: durations by value, numbers as numbers, text without case, articles and
punctuation. A slot too many is as wrong as one that is missing, but for those that only say how a number was meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vesper.base.events import (
    Event,
    IntentUnderstood,
    SkillStarted,
    SpeakingStarted,
    SpeechEnded,
    SpeechRecognised,
    TurnFinished,
    WakeHeard,
)
from vesper.evaluation.spoken_plan import Sentence
from vesper.understanding.quantities.times import iso_seconds

_EXTRAS = frozenset({"unit", "ask"})
_DURATIONS = frozenset({"duration", "offset"})
_ARTICLES = frozenset({"the", "a", "an", "my"})
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One utterance. `first_sample_at` and `ended_at` (of the endpoint's decision): seconds since the start, or None.

    Of `right`, `wrong_acted` and `asked_back` at most one is True; none of them: nothing was done and nothing asked.
    """

    is_woken: bool
    is_right: bool
    has_wrongly_acted: bool
    has_asked_back: bool
    has_lost_first_word: bool
    text: str = ""
    intents: tuple[str, ...] = ()
    first_sample_at: float | None = None
    ended_at: float | None = None


def judge(sentence: Sentence, events: Sequence[Event], *, needs_wake: bool) -> Verdict:
    """The verdict on everything that happened from the utterance's beginning until Vesper was idle again."""
    if needs_wake and not any(isinstance(event, WakeHeard) for event in events):
        return Verdict(False, False, False, False, False)
    text = next((event.text for event in events if isinstance(event, SpeechRecognised)), "")
    intents = [intent for event in events if isinstance(event, IntentUnderstood) for intent in event.intents]
    is_right = len(intents) == 1 and is_as_meant(sentence, intents[0])
    has_acted = any(isinstance(event, SkillStarted) for event in events)
    has_asked = any(isinstance(event, TurnFinished) and event.outcome == "asked" for event in events)
    return Verdict(
        is_woken=True,
        is_right=is_right,
        has_wrongly_acted=not is_right and has_acted and not has_asked,
        has_asked_back=not is_right and has_asked,
        has_lost_first_word=has_lost_first_word(sentence.text, text),
        text=text,
        intents=tuple(str(intent["intent"]) for intent in intents),
        first_sample_at=next((event.first_sample_at for event in events if isinstance(event, SpeakingStarted)), None),
        ended_at=next((event.at for event in events if isinstance(event, SpeechEnded)), None),
    )


def is_as_meant(sentence: Sentence, understood: Mapping[str, Any]) -> bool:
    """Whether an intent of `intent.understood` is the one that the sentence means, with all its slots."""
    if understood["intent"] != sentence.intent:
        return False
    slots: Mapping[str, Any] = understood["slots"]
    found = {name: _plain(name, value) for name, value in slots.items() if name not in _EXTRAS}
    meant = {name: _plain(name, value) for name, value in sentence.slots.items() if name not in _EXTRAS}
    return found == meant


def has_lost_first_word(said: str, recognised: str) -> bool:
    """Whether the recognised words go on like the sentence from its second word, without its first."""
    wanted, found = _words(said), _words(recognised)
    if len(wanted) < 2 or not found or found[0] == wanted[0]:
        return False
    count = min(2, len(wanted) - 1)
    return found[:count] == wanted[1 : 1 + count]


def _plain(name: str, value: Any) -> object:
    if name in _DURATIONS:
        return iso_seconds(str(value))
    if isinstance(value, int | float):
        return float(value)
    return " ".join(word for word in _words(str(value)) if word not in _ARTICLES)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
