"""What holds for the segmenter whatever it is fed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vesper.audio.segmenter import Segmenter, SegmenterRules, SpeechBegan, SpeechCeased

STEP = 512
probabilities = st.lists(st.floats(0.0, 1.0), max_size=200)


@given(probabilities)
def test_beginnings_and_ends_alternate_in_time(stream):
    segmenter, last_position, expects = Segmenter(STEP), 0, SpeechBegan
    for number, probability in enumerate(stream, 1):
        decision = segmenter.feed(probability)
        assert segmenter.position == number * STEP
        if decision is None:
            continue
        assert type(decision) is expects
        assert last_position <= decision.at_sample <= decision.decided_at == segmenter.position
        last_position = decision.at_sample
        expects = SpeechCeased if expects is SpeechBegan else SpeechBegan


@given(probabilities)
def test_no_speech_without_the_minimum_of_voice_and_no_end_within_the_hangover(stream):
    rules = SegmenterRules()
    segmenter = Segmenter(STEP, rules=rules)
    for probability in stream:
        decision = segmenter.feed(probability)
        if isinstance(decision, SpeechBegan):
            assert decision.decided_at - decision.at_sample >= rules.min_speech_ms * 16
        if isinstance(decision, SpeechCeased):
            assert decision.decided_at - decision.at_sample >= rules.hangover_ms * 16


@given(probabilities, st.integers(0, 10**6))
def test_where_the_stream_begins_changes_positions_and_nothing_else(stream, first_sample):
    here, there = Segmenter(STEP), Segmenter(STEP, first_sample)
    for probability in stream:
        a, b = here.feed(probability), there.feed(probability)
        assert type(a) is type(b)
        if a is not None and b is not None:
            assert (b.at_sample, b.decided_at) == (a.at_sample + first_sample, a.decided_at + first_sample)
