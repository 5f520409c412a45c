"""Segmenter as playbooks: these probabilities, then these decisions."""

from __future__ import annotations

from vesper.audio.segmenter import Decision, Segmenter, SegmenterRules, SpeechBegan, SpeechCeased

STEP = 512  # 32 ms
RULES = SegmenterRules(start=0.5, keep=0.3, min_speech_ms=96, hangover_ms=256, bridge_ms=64)
LOUD, DIM, QUIET = 0.9, 0.4, 0.05


def play(segmenter: Segmenter, *probabilities: float) -> list[Decision]:
    return [decision for p in probabilities if (decision := segmenter.feed(p)) is not None]


def test_silence_decides_nothing():
    segmenter = Segmenter(STEP, rules=RULES)
    assert play(segmenter, *[QUIET] * 100) == []
    assert segmenter.silence_samples == 100 * STEP


def test_speech_begins_where_its_voice_began_not_where_that_became_certain():
    segmenter = Segmenter(STEP, rules=RULES)
    assert play(segmenter, QUIET, QUIET, LOUD, LOUD, LOUD) == [SpeechBegan(at_sample=2 * STEP, decided_at=5 * STEP)]
    assert segmenter.is_speech


def test_a_click_is_no_speech():
    segmenter = Segmenter(STEP, rules=RULES)
    assert play(segmenter, LOUD, LOUD, *[QUIET] * 20, LOUD, *[QUIET] * 20) == []
    assert not segmenter.is_speech


def test_a_short_dip_does_not_undo_a_beginning():
    segmenter = Segmenter(STEP, rules=RULES)
    assert play(segmenter, LOUD, QUIET, QUIET, LOUD, LOUD) == [SpeechBegan(at_sample=0, decided_at=5 * STEP)]


def test_voice_once_begun_goes_on_at_a_lower_probability():
    segmenter = Segmenter(STEP, rules=RULES)
    play(segmenter, LOUD, LOUD, LOUD)
    assert play(segmenter, *[DIM] * 50) == []
    assert segmenter.silence_samples == 0


def test_a_dim_sound_alone_begins_nothing():
    assert play(Segmenter(STEP, rules=RULES), *[DIM] * 50) == []


def test_speech_ends_after_the_hangover_at_its_last_voice():
    segmenter = Segmenter(STEP, rules=RULES)
    play(segmenter, *[LOUD] * 10)
    assert play(segmenter, *[QUIET] * 7) == []
    assert play(segmenter, QUIET) == [SpeechCeased(at_sample=10 * STEP, decided_at=18 * STEP)]
    assert not segmenter.is_speech


def test_a_pause_between_two_words_is_no_end():
    segmenter = Segmenter(STEP, rules=RULES)
    play(segmenter, *[LOUD] * 5)
    assert play(segmenter, *[QUIET] * 7, *[LOUD] * 5, *[QUIET] * 7) == []
    assert segmenter.silence_samples == 7 * STEP


def test_positions_count_from_the_first_sample_given():
    segmenter = Segmenter(STEP, first_sample=16_000, rules=RULES)
    assert play(segmenter, LOUD, LOUD, LOUD) == [SpeechBegan(16_000, 16_000 + 3 * STEP)]


def test_two_utterances_are_told_apart():
    segmenter = Segmenter(STEP, rules=RULES)
    decisions = play(segmenter, *[LOUD] * 4, *[QUIET] * 10, *[LOUD] * 4, *[QUIET] * 10)
    assert [type(decision) for decision in decisions] == [SpeechBegan, SpeechCeased, SpeechBegan, SpeechCeased]
