"""Sound files read and written at once."""

from __future__ import annotations

import numpy as np
import pytest

from vesper.audio.wav import read_speech, read_wav, resampled, with_room_tone, write_wav
from vesper.base.errors import BadInput


def tone(rate: int, seconds: float = 0.5) -> np.ndarray:
    return (0.4 * np.sin(2 * np.pi * 440 * np.arange(round(rate * seconds)) / rate)).astype(np.float32)


def test_what_was_written_is_read_again(tmp_path):
    write_wav(tmp_path / "a.wav", tone(24_000), 24_000)
    samples, rate = read_wav(tmp_path / "a.wav")
    assert rate == 24_000
    assert np.allclose(samples, tone(24_000), atol=1e-4)


def test_loud_samples_are_clipped_not_wrapped(tmp_path):
    write_wav(tmp_path / "loud.wav", np.array([2.0, -2.0], np.float32), 16_000)
    assert read_wav(tmp_path / "loud.wav")[0].round(2).tolist() == [1.0, -1.0]


def test_speech_comes_at_16_khz_whatever_the_file_has(tmp_path):
    write_wav(tmp_path / "b.wav", tone(44_100), 44_100)
    samples = read_speech(tmp_path / "b.wav")
    assert len(samples) == pytest.approx(8000, abs=2)
    assert samples.max() == pytest.approx(0.4, abs=0.02)


def test_resampling_to_the_same_rate_changes_nothing():
    samples = tone(16_000)
    assert resampled(samples, 16_000, 16_000) is samples


def test_what_is_no_sound_is_refused_with_a_hint(tmp_path):
    (tmp_path / "c.wav").write_text("hello")
    with pytest.raises(BadInput) as refused:
        read_wav(tmp_path / "c.wav")
    assert refused.value.code == "audio.unreadable"
    assert "c.wav" in refused.value.sentence
    assert refused.value.hint


def test_room_tone_surrounds_and_underlies_the_sound():
    silence = np.zeros(1600, np.float32)
    sound = with_room_tone(silence, before_s=0.1, after_s=0.2)
    assert len(sound) == 1600 + 1600 + 3200
    assert (sound != 0).all()
    assert np.sqrt(np.mean(np.square(sound))) == pytest.approx(5e-4, rel=0.1)
