"""In the middle of a sentence, or after a pause?"""

from __future__ import annotations

from vesper.audio.mid_sentence import MidSentence

RATE = 16_000
STEP = 512


def spoken(*stretches: tuple[float, float], until_s: float) -> MidSentence:
    """Voice during the given stretches (seconds from, to), heard until `until_s`."""
    sentence = MidSentence()
    for end in range(STEP, round(until_s * RATE), STEP):
        sentence.hear(end, 0.9 if any(begin <= end / RATE <= stop for begin, stop in stretches) else 0.1)
    return sentence


def test_words_that_go_on_without_a_pause_are_a_sentence():
    assert spoken((0.2, 3.0), until_s=3.0).at(3 * RATE)


def test_a_phrase_behind_a_pause_is_none():
    assert not spoken((0.0, 0.7), (2.2, 3.0), until_s=3.2).at(round(3.2 * RATE))


def test_nothing_said_before_is_none():
    assert not spoken((2.2, 3.0), until_s=3.2).at(round(3.2 * RATE))


def test_forgetting_begins_anew():
    sentence = spoken((0.2, 3.0), until_s=3.0)
    sentence.forget()
    assert not sentence.at(3 * RATE)


def test_voice_long_ago_is_not_kept():
    sentence = spoken((0.0, 60.0), until_s=60.0)
    assert len(sentence._voiced) < 60
