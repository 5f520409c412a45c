"""The scripted wake word, voice activity and stop phrase."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.base.errors import WrongUsage
from vesper.engines.scripted.hearing import (
    ScriptedStopPhrases,
    ScriptedVoiceActivityDetector,
    ScriptedWakeWordDetector,
)
from vesper.engines.scripted.tones import spoken
from vesper.ports.audio import AudioFrame, Samples
from vesper.ports.framing import Framing
from vesper.ports.wake import WakeHit


def frames(*sounds: Samples) -> list[AudioFrame]:
    silence = np.zeros(3200, np.float32)
    return Framing().feed(np.concatenate([silence, *sounds, silence]), 1.0)


def hits(text: str, *phrases: str) -> list[WakeHit]:
    detector = ScriptedWakeWordDetector()
    detector.open()
    detector.listen_for(phrases, "normal")
    return [hit for frame in frames(spoken(text)) if (hit := detector.feed(frame))]


def test_a_phrase_is_heard_once_and_where_it_ends() -> None:
    (hit,) = hits("okay nabu stop", "okay nabu", "hey jarvis")
    assert (hit.phrase, hit.is_accepted) == ("okay nabu", True)
    assert hit.ended_at_sample == pytest.approx(3200 + len(spoken("okay nabu")), abs=640)


def test_other_phrases_and_parts_of_words_wake_nobody() -> None:
    assert hits("hey jarvis", "okay nabu") == []
    assert hits("tokay nabu", "okay nabu") == []


def test_only_known_phrases_can_be_chosen() -> None:
    with pytest.raises(WrongUsage):
        ScriptedWakeWordDetector().listen_for(["abracadabra"], "keen")


def test_tones_are_speech_and_silence_is_none() -> None:
    detector = ScriptedVoiceActivityDetector()
    found = [p for frame in frames(spoken("hello there")) if (p := detector.feed(frame)) is not None]
    assert found[0] < 0.1
    assert max(found) > 0.9
    assert found[-1] < 0.1
    assert len(found) == sum(len(f.samples) for f in frames(spoken("hello there"))) // 512


def test_stop_is_heard_as_a_word_of_its_own() -> None:
    engine = ScriptedStopPhrases()
    engine.load(["stop"])
    stream = engine.start()
    stream.feed(spoken("stopwatch"))
    assert stream.heard() is None
    stream.feed(np.zeros(6400, np.float32))
    stream.feed(spoken("stop"))
    assert stream.heard() == "stop"
