"""Hearing one utterance: reports and partials in, the end and its reason out."""

from __future__ import annotations

import numpy as np

from vesper.audio.ears import SoundReport
from vesper.audio.endpointing import Endpointing
from vesper.ports.audio import SAMPLE_RATE
from vesper.ports.stt import Partial
from vesper.voice.hearing import SECOND_PASS_AFTER_MS, Hearing
from vesper.voice.openings import Opening, OpeningKind

STEP = 512
FROM = 10_000


def hearing(kind: OpeningKind = "wake", *, speech_from: int = FROM) -> Hearing:
    return Hearing(Opening(kind, FROM, speech_from, 5.0), Endpointing("normal"), STEP)


class Sound:
    """Sound that goes on, step by step, into one Hearing."""

    def __init__(self, into: Hearing) -> None:
        self.into = into
        self.at = FROM

    def last(self, seconds: float, probability: float) -> None:
        for _ in range(round(seconds * SAMPLE_RATE / STEP)):
            samples = np.full(STEP, probability, np.float32)
            self.into.add(SoundReport(self.at, samples, ((self.at + STEP, probability),), 0.0))
            self.at += STEP


def test_a_complete_sentence_ends_after_a_short_pause() -> None:
    heard = hearing()
    sound = Sound(heard)
    sound.last(1.0, 0.95)
    heard.understood(Partial("what time is it", is_complete=True, can_go_on=False))
    sound.last(0.3, 0.01)
    assert heard.decide() is None
    sound.last(0.2, 0.01)
    end = heard.decide()
    assert end is not None
    assert end.reason == "complete"
    over = heard.over(end.reason)
    assert over.has_speech
    assert len(over.sound.raw) == sound.at - FROM
    assert abs(over.speech_end - (FROM + SAMPLE_RATE)) < 0.12 * SAMPLE_RATE


def test_what_the_second_pass_understood_whole_is_not_waited_on_until_there_is_more_voice() -> None:
    heard = hearing()
    sound = Sound(heard)
    sound.last(1.0, 0.95)
    heard.understood(Partial("what time"))
    sound.last(0.3, 0.01)
    heard.understood_whole()
    assert heard.decide() is None
    sound.last(0.2, 0.01)
    end = heard.decide()
    assert end is not None and end.reason == "complete"
    sound.last(0.3, 0.95)
    sound.last(0.5, 0.01)
    assert heard.decide() is None


def test_an_unfinished_sentence_is_given_more_time() -> None:
    heard = hearing()
    sound = Sound(heard)
    sound.last(1.0, 0.95)
    heard.understood(Partial("set a timer for"))
    sound.last(0.6, 0.01)
    assert heard.decide() is None


def test_nobody_speaking_ends_with_nothing() -> None:
    heard = hearing()
    Sound(heard).last(5.1, 0.01)
    end = heard.decide()
    assert end is not None
    assert end.reason == "nothing"
    assert not heard.over("nothing").has_speech


def test_voice_before_the_end_of_the_wake_phrase_is_the_phrase() -> None:
    heard = hearing(speech_from=FROM + SAMPLE_RATE)
    Sound(heard).last(1.0, 0.95)
    assert not heard.has_speech


def test_a_first_word_is_a_sign_of_speech_even_where_activity_saw_none() -> None:
    heard = hearing()
    Sound(heard).last(0.5, 0.2)
    heard.understood(Partial("stop", is_complete=True, can_go_on=False))
    assert heard.has_speech
    assert heard.silence_ms == 0


def test_a_held_key_ends_by_letting_go_and_never_by_silence() -> None:
    heard = hearing("hold")
    sound = Sound(heard)
    sound.last(0.5, 0.95)
    sound.last(8.0, 0.01)
    assert heard.decide() is None
    sound.last(7.0, 0.01)
    end = heard.decide()
    assert end is not None
    assert end.reason == "limit"


def test_a_second_pass_is_wanted_once_for_every_end_of_voice() -> None:
    heard = hearing()
    sound = Sound(heard)
    sound.last(0.6, 0.95)
    assert not heard.wants_second_pass()
    sound.last(SECOND_PASS_AFTER_MS / 1000 + 0.15, 0.01)
    assert heard.wants_second_pass()
    assert not heard.wants_second_pass()
    sound.last(0.6, 0.95)
    sound.last(SECOND_PASS_AFTER_MS / 1000 + 0.15, 0.01)
    assert heard.wants_second_pass()


def test_what_was_understood_when_the_voice_ended_is_kept_beside_what_is_understood_now() -> None:
    heard = hearing()
    sound = Sound(heard)
    sound.last(0.6, 0.95)
    heard.understood(Partial("what time is it", is_complete=True))
    sound.last(SECOND_PASS_AFTER_MS / 1000 + 0.15, 0.01)
    assert heard.wants_second_pass()
    heard.understood(Partial("what are you good for", is_complete=True))
    assert heard.live == ("what time is it", "what are you good for")
    assert heard.over("complete").live == heard.live
