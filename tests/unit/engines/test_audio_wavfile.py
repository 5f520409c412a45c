"""Files in place of devices: every kind of file, both paces, and a sink that plays in time."""

from __future__ import annotations

import asyncio
import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from vesper.base.clock import SystemClock, VirtualClock
from vesper.base.errors import BadInput, Missing
from vesper.engines.audio_wavfile import WavDevices
from vesper.engines.audio_wavfile.microphone import NOISE_RMS

KINDS = [
    ("eight.wav", "PCM_U8", 1, 8_000),
    ("plain.wav", "PCM_16", 1, 16_000),
    ("stereo.wav", "PCM_16", 2, 44_100),
    ("deep.wav", "PCM_24", 2, 48_000),
    ("deeper.wav", "PCM_32", 1, 22_050),
    ("float.wav", "FLOAT", 1, 44_100),
    ("double.wav", "DOUBLE", 2, 96_000),
    ("packed.flac", "PCM_16", 2, 44_100),
]


def record(path: Path, kind: str = "PCM_16", channels: int = 1, rate: int = 16_000, seconds: float = 1.0) -> Path:
    tone = 0.4 * np.sin(2 * np.pi * 440 * np.arange(round(rate * seconds)) / rate)
    soundfile.write(path, np.stack([tone] * channels, axis=1), rate, subtype=kind)
    return path


def hear(devices: WavDevices) -> np.ndarray:
    """Everything the microphone gives until the file is over."""
    microphone, pieces = devices.open_microphone(""), []
    try:
        while True:
            pieces += [frame.samples for frame in microphone.read(1.0)]
    except EOFError:
        return np.concatenate(pieces)
    finally:
        microphone.close()


def fast(path: Path, **options: float) -> WavDevices:
    return WavDevices(path, None, VirtualClock(), pace="fast", **options)


@pytest.mark.parametrize(("name", "kind", "channels", "rate"), KINDS)
def test_any_file_comes_as_16_khz_mono(tmp_path, name, kind, channels, rate):
    sound = hear(fast(record(tmp_path / name, kind, channels, rate)))
    assert len(sound) == pytest.approx(16_000, abs=160)
    assert np.sqrt(np.mean(np.square(sound[800:15_000]))) == pytest.approx(0.4 / math.sqrt(2), rel=0.02)


def test_frames_follow_each_other_with_true_positions_and_times(tmp_path):
    microphone = fast(record(tmp_path / "a.wav")).open_microphone("")
    frames = [frame for _ in range(50) for frame in microphone.read(1.0)]
    assert [frame.first_sample for frame in frames] == [n * 160 for n in range(50)]
    assert [frame.captured_at for frame in frames] == pytest.approx([(n + 1) / 100 for n in range(50)])
    microphone.close()


def test_digital_silence_gets_a_faint_noise_that_is_always_the_same(tmp_path):
    soundfile.write(tmp_path / "zeros.wav", np.zeros(16_000), 16_000)
    first, second = hear(fast(tmp_path / "zeros.wav")), hear(fast(tmp_path / "zeros.wav"))
    assert first.tolist() == second.tolist()
    assert (first != 0).all()
    assert np.sqrt(np.mean(np.square(first))) == pytest.approx(NOISE_RMS, rel=0.05)


def test_what_is_not_silent_is_left_as_it_is(tmp_path):
    path = record(tmp_path / "a.wav")
    assert hear(fast(path)).tolist() == soundfile.read(path, dtype="float32")[0].tolist()


def test_values_that_are_no_numbers_do_no_harm(tmp_path):
    soundfile.write(tmp_path / "nan.wav", np.array([math.nan, math.inf, -math.inf, 5.0] * 4000), 16_000, "FLOAT")
    sound = hear(fast(tmp_path / "nan.wav"))
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 1.01


def test_a_tail_of_noise_follows_the_file_and_has_ended_says_so(tmp_path):
    microphone = fast(record(tmp_path / "a.wav", seconds=0.1), tail_s=0.5).open_microphone("")
    heard, ended = 0, []
    with pytest.raises(EOFError):
        while True:
            heard += len(microphone.read(1.0))
            ended.append(microphone.has_ended)
    assert heard == 60
    assert ended.index(True) == 10  # ten frames of the file, then the tail
    microphone.close()


def test_three_hours_are_streamed_not_loaded(tmp_path):
    with soundfile.SoundFile(tmp_path / "long.wav", "w", 8_000, 1, "PCM_U8") as file:
        for _ in range(3 * 60):
            file.write(np.zeros(60 * 8_000, np.float32))
    microphone = fast(tmp_path / "long.wav").open_microphone("")
    tracemalloc.start()
    for _ in range(500):
        microphone.read(1.0)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    microphone.close()
    assert peak_bytes < 2_000_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "audio.unreadable"),
        (b"RIFF\x00\x00", "audio.unreadable"),
        (b"these are words, no sound" * 50, "audio.unreadable"),
    ],
)
def test_what_is_no_sound_is_refused(tmp_path, content, code):
    (tmp_path / "bad.wav").write_bytes(content)
    with pytest.raises(BadInput) as refused:
        fast(tmp_path / "bad.wav").open_microphone("")
    assert refused.value.code == code
    assert refused.value.hint


def test_a_file_without_a_single_sample_is_refused(tmp_path):
    soundfile.write(tmp_path / "none.wav", np.zeros(0), 16_000)
    with pytest.raises(BadInput, match="no sound"):
        fast(tmp_path / "none.wav").open_microphone("")


def test_a_file_that_is_not_there_is_told_by_name(tmp_path):
    with pytest.raises(BadInput, match=r"gone\.wav"):
        fast(tmp_path / "gone.wav").open_microphone("")


def test_a_wav_cut_off_in_the_middle_is_heard_as_far_as_it_goes(tmp_path):
    path = record(tmp_path / "a.wav")
    path.write_bytes(path.read_bytes()[: 44 + 16_000])
    assert len(hear(fast(path))) == pytest.approx(8000, abs=160)


def test_a_flac_cut_off_in_the_middle_is_told(tmp_path):
    path = record(tmp_path / "a.flac", seconds=3)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadInput, match="breaks off"):
        hear(fast(path))


def test_without_a_file_there_is_no_microphone():
    with pytest.raises(Missing) as missing:
        WavDevices().open_microphone("")
    assert missing.value.code == "microphone.missing"


def test_at_real_pace_frames_come_when_their_time_has_come(tmp_path):
    clock = SystemClock()
    microphone = WavDevices(record(tmp_path / "a.wav"), None, clock).open_microphone("")
    frames = []
    while len(frames) < 10:
        frames += microphone.read(0.5)
        assert frames[-1].captured_at <= clock.monotonic()
    microphone.close()


def test_at_real_pace_a_read_ends_with_its_timeout(tmp_path):
    microphone = WavDevices(record(tmp_path / "a.wav"), None, VirtualClock(), pace="real").open_microphone("")
    assert microphone.read(0.001) == []
    microphone.close()


async def test_what_is_played_moves_with_the_clock():
    clock = VirtualClock()
    playback = WavDevices(None, None, clock).open_speaker("").play(8_000)
    await clock.advance(1.0)
    playback.append(np.zeros(8_000, np.float32))
    assert playback.started_at == 1.0
    await clock.advance(0.25)
    assert playback.played_s == 0.25
    await clock.advance(5.0)
    assert playback.played_s == 1.0
    assert not playback.is_over
    playback.append(np.zeros(8_000, np.float32))
    await clock.advance(0.5)
    assert playback.played_s == 1.5


async def test_the_end_comes_when_the_last_sample_was_played(tmp_path):
    clock = VirtualClock()
    playback = WavDevices(None, None, clock).open_speaker("").play(8_000)
    playback.append(np.zeros(8_000, np.float32))
    playback.finish()
    waiting = asyncio.get_running_loop().create_task(playback.ended())
    await clock.advance(0.99)
    assert not waiting.done()
    await clock.advance(0.02)
    assert waiting.done()


def test_each_answer_becomes_a_file_and_short_sounds_do_not(tmp_path):
    clock = VirtualClock()
    speaker = WavDevices(None, tmp_path / "out", clock).open_speaker("")
    speaker.play(24_000, kind="sound").append(np.ones(2400, np.float32))
    for seconds in (0.5, 1.0):
        playback = speaker.play(16_000, gain=0.5)
        playback.append(np.full(round(16_000 * seconds), 0.5, np.float32))
        playback.finish()
    asyncio.run(clock.advance(2.0))
    speaker.close()
    written = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in written] == ["answer-001.wav", "answer-002.wav"]
    samples, rate = soundfile.read(written[0])
    assert (len(samples), rate) == (8000, 16_000)
    assert samples == pytest.approx(0.25, abs=1e-3)


def test_a_flush_leaves_in_the_file_what_was_played_until_then(tmp_path):
    clock = VirtualClock()
    speaker = WavDevices(None, tmp_path, clock).open_speaker("")
    playback = speaker.play(16_000)
    playback.append(np.full(16_000, 0.5, np.float32))
    playback.finish()
    asyncio.run(clock.advance(0.25))
    playback.flush()
    playback.append(np.full(16_000, 0.5, np.float32))
    asyncio.run(playback.ended())
    assert playback.is_over
    assert playback.played_s == 0.25
    speaker.close()
    assert soundfile.info(tmp_path / "answer-001.wav").frames == 4000


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput) as refused:
        WavDevices(None, tmp_path / "file", VirtualClock()).open_speaker("")
    assert refused.value.code == "audio.not_written"


def test_a_file_that_cannot_be_written_is_logged_and_disturbs_nothing(tmp_path, expect_log):
    expect_log("answer-001.wav was not written")
    speaker = WavDevices(None, tmp_path / "out", VirtualClock()).open_speaker("")
    (tmp_path / "out" / "answer-001.wav").mkdir()
    playback = speaker.play(16_000)
    playback.append(np.zeros(160, np.float32))
    playback.finish()
    speaker.close()
