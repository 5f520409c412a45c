"""What counts as a stop phrase: one of them and nothing else, within the quiet around it."""

from __future__ import annotations

import sys

import pytest

from tests.support import speech
from vesper.engines.stt_pocketsphinx.decoder import Segment
from vesper.engines.stt_pocketsphinx.stop_phrase import PocketsphinxStopPhrase, phrase_of

PHRASES = ("stop", "enough", "that's enough", "one more minute")


def heard(words: str) -> list[Segment]:
    return [Segment(word, 20) for word in words.split()]


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("<sil> stop <sil>", "stop"),
        ("stop", "stop"),
        ("<sil> that's enough <sil>", "that's enough"),
        ("<sil> stop _b _ah _s <sil>", None),
        ("_dh _ah stop", None),
        ("stop enough", None),
        ("_ah one more minute", "one more minute"),
        ("<sil> one more minute _f <sil>", "one more minute"),
        ("_ah one more minute _f", None),
        ("one _ah more minute", None),
        ("<sil>", None),
        ("", None),
    ],
)
def test_a_phrase_counts_when_nothing_else_was_said(words: str, phrase: str | None) -> None:
    assert phrase_of(heard(words), PHRASES) == phrase


def test_a_phrase_with_an_unknown_word_is_left_out() -> None:
    engine = PocketsphinxStopPhrase()
    engine.load(["stop", "stop zyxgibber"])
    stream = engine.start()
    stream.feed(speech.speak("stop", "en-us", lead_s=0.5, tail_s=1.0))
    assert stream.heard() == "stop", "the others are heard all the same"


def test_without_the_recogniser_the_probe_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    probe = PocketsphinxStopPhrase().probe()
    assert probe.state == "problem"
    assert probe.detail
    assert probe.hint


def test_with_the_recogniser_the_probe_is_content() -> None:
    assert PocketsphinxStopPhrase().probe().state == "ok"
