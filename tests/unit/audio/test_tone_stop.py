"""Known tones are taken out of sound, and speech beside them is left."""

from __future__ import annotations

import numpy as np

from vesper.audio.ears import dbfs
from vesper.audio.tone_stop import ToneStop
from vesper.audio.wav import resampled
from vesper.ports.audio import SAMPLE_RATE
from vesper.voice.earcons import HEARING_TONES_HZ, sound


def test_the_chime_is_taken_out_of_what_the_microphone_heard() -> None:
    samples, rate = sound("hearing")
    chime = resampled(samples, rate, SAMPLE_RATE)
    assert dbfs(ToneStop(HEARING_TONES_HZ).feed(chime)) < dbfs(chime) - 20


def test_speech_passes_nearly_untouched() -> None:
    # Speech is broad-band: noise between the notches stands for it.
    noise = np.random.default_rng(1).normal(0.0, 0.1, SAMPLE_RATE).astype(np.float32)
    assert abs(dbfs(ToneStop(HEARING_TONES_HZ).feed(noise)) - dbfs(noise)) < 1.5


def test_it_makes_no_difference_how_the_stream_is_cut() -> None:
    noise = np.random.default_rng(2).normal(0.0, 0.1, 1600).astype(np.float32)
    whole = ToneStop(HEARING_TONES_HZ).feed(noise)
    stop = ToneStop(HEARING_TONES_HZ)
    pieces = np.concatenate([stop.feed(noise[at : at + 160]) for at in range(0, 1600, 160)])
    assert np.allclose(whole, pieces, atol=1e-6)
