"""The stop phrase is listened for between arm and disarm, and heard once for each arming."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import numpy as np

from vesper.base.errors import EngineFailed
from vesper.base.language import load_language
from vesper.engines.scripted.hearing import ScriptedStopPhrases, ScriptedStopStream
from vesper.engines.scripted.tones import spoken
from vesper.ports.audio import FRAME_SAMPLES
from vesper.understanding.templates import SentenceTemplates
from vesper.voice.stop_phrase import ShortPhrases, StopPhrase, short_phrases

PHRASES = ShortPhrases(("stop", "quiet"), {"snooze": "add five minutes"})


class Stream:
    """The scripted stream as the voice loop sees it."""

    def __init__(self, real: ScriptedStopStream) -> None:
        self.feed = real.feed
        self.cancel = real.cancel
        self._real = real

    async def heard(self) -> str | None:
        return self._real.heard()


class Detector:
    """The scripted detector; `fails` as one whose process died."""

    def __init__(self, *, fails: bool = False) -> None:
        self._fails = fails

    async def start(self) -> Stream:
        if self._fails:
            raise EngineFailed("engine.died", "The engine died.")
        engine = ScriptedStopPhrases()
        engine.load(PHRASES.all)
        return Stream(engine.start())


async def say(phrase: StopPhrase, words: str) -> None:
    samples = np.concatenate([spoken(words), np.zeros(4800, np.float32)])
    for start in range(0, len(samples), FRAME_SAMPLES):
        phrase.feed(samples[start : start + FRAME_SAMPLES])
        for _ in range(3):
            await asyncio.sleep(0)


def listening_with(detector: Detector | None) -> tuple[StopPhrase, list[str]]:
    heard: list[str] = []
    phrase = StopPhrase(cast(Any, detector), PHRASES, on_stop=lambda: heard.append("stop"), on_answer=heard.append)
    return phrase, heard


async def test_stop_is_heard_once_while_armed() -> None:
    phrase, heard = listening_with(Detector())
    assert phrase.arm()
    await say(phrase, "stop")
    await say(phrase, "stop")
    assert heard == ["stop"]
    await phrase.close()


async def test_other_words_and_a_disarmed_detector_hear_nothing() -> None:
    phrase, heard = listening_with(Detector())
    phrase.arm()
    await say(phrase, "go on")
    phrase.disarm()
    assert not phrase.is_armed
    await say(phrase, "stop")
    assert heard == []
    await phrase.close()


async def test_armed_again_it_hears_again() -> None:
    phrase, heard = listening_with(Detector())
    for _ in range(2):
        phrase.arm()
        await say(phrase, "quiet")
        phrase.disarm()
    assert heard == ["stop", "stop"]
    await phrase.close()


async def test_what_answers_ringing_is_taken_for_its_sentence_while_something_rings() -> None:
    phrase, heard = listening_with(Detector())
    phrase.takes_answers = True
    phrase.arm()
    await say(phrase, "snooze")
    assert heard == ["add five minutes"]
    await phrase.close()


async def test_it_means_nothing_else_and_does_not_deafen() -> None:
    phrase, heard = listening_with(Detector())
    phrase.arm()
    await say(phrase, "snooze")
    assert heard == []
    await say(phrase, "stop")
    assert heard == ["stop"]
    await phrase.close()


def test_every_answer_to_ringing_is_a_request_that_is_understood() -> None:
    pack = load_language("en")
    templates = SentenceTemplates(pack)
    phrases = short_phrases(pack)
    assert "stop" in phrases.stops
    for sentence in phrases.answers.values():
        assert [match.intent for match in templates.match(sentence).matches] == ["timer.change"]


async def test_without_a_detector_nothing_is_armed() -> None:
    phrase, _ = listening_with(None)
    assert not phrase.arm()
    assert not phrase.is_armed


async def test_a_detector_that_fails_takes_only_this_convenience_away() -> None:
    phrase, heard = listening_with(Detector(fails=True))
    phrase.arm()
    await say(phrase, "stop")
    assert heard == []
    await phrase.close()
