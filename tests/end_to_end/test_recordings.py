"""`vesper listen --wav`: sound of any kind is heard, what is none is refused in one sentence, hours cost no memory."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile
import soxr

from tests.support.running import RunningVesper, running, sentence_of, vesper
from tests.support.speech import RATE, Samples, wake_and_speak, write_wav

HEARING_S = 100.0
RECORDED_H = 3
SHORTEST_ANSWER_S = 0.7  # "It's 1 am." takes 0.72 s at the usual speed, "It's 12:27 pm." 1.8 s
LONGEST_ANSWER_S = 3.0


def heard(path: Path, home: Path, *words: str) -> list[dict[str, Any]]:
    """The events of a recording, heard to its end as fast as it decodes."""
    done = vesper("listen", "--wav", str(path), "--fast", "--json", *words, home=home, within=HEARING_S)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def at_another_rate(path: Path, sound: Samples) -> None:
    soundfile.write(path, soxr.resample(sound, RATE, 44_100), 44_100)


def in_eight_bits(path: Path, sound: Samples) -> None:
    soundfile.write(path, sound, RATE, subtype="PCM_U8")


def on_one_of_two_channels(path: Path, sound: Samples) -> None:
    soundfile.write(path, np.stack([sound, np.zeros_like(sound)], axis=1), RATE, subtype="FLOAT")


def without_its_last_bytes(path: Path, sound: Samples) -> None:
    soundfile.write(path, sound, RATE)
    path.write_bytes(path.read_bytes()[:-2001])


def as_flac(path: Path, sound: Samples) -> None:
    soundfile.write(path, sound, RATE, format="FLAC")


FORMS = [at_another_rate, in_eight_bits, on_one_of_two_channels, without_its_last_bytes, as_flac]


@pytest.mark.parametrize("write", FORMS, ids=lambda form: form.__name__)
def test_a_recording_of_any_form_is_answered(
    write: Callable[[Path, Samples], None], tmp_path: Path, vesper_home: Path
) -> None:
    write(path := tmp_path / "question.wav", wake_and_speak("what time is it"))
    events = heard(path, vesper_home)
    assert [e["phrase"] for e in events if e["event"] == "wake.heard"] == ["okay nabu"]
    assert [e["outcome"] for e in events if e["event"] == "turn.finished"] == ["answered"]
    assert [i["intent"] for e in events if e["event"] == "intent.understood" for i in e["intents"]] == ["clock.time"]


def test_each_answer_is_written_and_speaks(tmp_path: Path, vesper_home: Path) -> None:
    path = write_wav(tmp_path / "question.wav", wake_and_speak("what time is it"))
    heard(path, vesper_home, "--out", str(tmp_path / "answers"))
    (answer,) = (tmp_path / "answers").glob("*.wav")
    samples, rate = soundfile.read(answer)
    assert SHORTEST_ANSWER_S < len(samples) / rate < LONGEST_ANSWER_S
    assert np.abs(samples).max() > 0.05


def test_a_muted_vesper_hears_a_recording_all_the_same(tmp_path: Path, vesper_home: Path) -> None:
    assert vesper("settings", "set", "audio.muted", "true", home=vesper_home).returncode == 0
    path = write_wav(tmp_path / "room.wav", np.zeros(RATE, np.float32))
    assert [e["event"] for e in heard(path, vesper_home)] == ["listening.armed"]
    assert vesper("settings", "get", "audio.muted", home=vesper_home).stdout.strip().lower() == "true"


def bad_files(folder: Path) -> dict[str, Path]:
    sound = wake_and_speak("what time is it")
    flac = folder / "whole.flac"
    soundfile.write(flac, sound, RATE)
    files = {
        "empty": b"",
        "without_samples": _wav_header(0),
        "cut_in_the_header": _wav_header(0)[:30],
        "text": b"What time is it?\n",
        "cut_flac": flac.read_bytes()[: flac.stat().st_size // 2],
    }
    for name, content in files.items():
        (folder / f"{name}.wav").write_bytes(content)
    (folder / "folder.wav").mkdir()
    return {name: folder / f"{name}.wav" for name in (*files, "folder", "missing")}


@pytest.mark.parametrize(
    "name", ["empty", "without_samples", "cut_in_the_header", "text", "cut_flac", "folder", "missing"]
)
def test_what_cannot_be_heard_is_refused_with_a_sentence_and_a_hint(
    name: str, tmp_path: Path, vesper_home: Path
) -> None:
    path = bad_files(tmp_path)[name]
    done = vesper("listen", "--wav", str(path), "--fast", "--json", home=vesper_home, within=60)
    assert done.returncode == 1
    last = json.loads(done.stdout.splitlines()[-1])["error"]
    assert last["code"].startswith("audio.")
    assert path.name in last["sentence"]
    assert last["hint"]
    assert "Traceback" not in done.stderr


def test_a_folder_for_answers_that_cannot_be_made_is_refused(tmp_path: Path, vesper_home: Path) -> None:
    path = write_wav(tmp_path / "question.wav", wake_and_speak("what time is it"))
    out = path / "answers"
    done = vesper("listen", "--wav", str(path), "--fast", "--out", str(out), home=vesper_home, within=HEARING_S)
    assert done.returncode == 1
    assert "cannot be made a folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_fast_needs_a_recording(vesper_home: Path) -> None:
    done = vesper("listen", "--fast", home=vesper_home)
    assert done.returncode == 2
    assert "--wav" in sentence_of(done)


def test_three_hours_of_sound_cost_no_more_memory_than_one_minute(tmp_path: Path, vesper_home: Path) -> None:
    path = tmp_path / "hours.wav"
    size = RECORDED_H * 3600 * RATE * 2
    with path.open("wb") as file:
        file.write(_wav_header(size))
        file.truncate(44 + size)  # sparse: it is silence, and takes no room on the disk
    with running("listen", "--wav", str(path), "--fast", "--json", home=vesper_home) as hearing:
        hearing.until("listening.armed", within=60)
        first = _memory_after(hearing, cpu_s=8)
        later = _memory_after(hearing, cpu_s=16)
        assert hearing.end() < 5
    assert later < first + 8e6


def _memory_after(hearing: RunningVesper, cpu_s: float) -> int:
    """Bytes that the process holds once it has worked so long; it may have ended only by our wish."""
    process, deadline = psutil.Process(hearing.process.pid), time.monotonic() + 60
    while process.cpu_times().user < cpu_s:
        assert hearing.process.poll() is None, hearing.stderr
        assert time.monotonic() < deadline, f"it works too little: {process.cpu_times()}"
        time.sleep(0.1)
    return process.memory_info().rss


def _wav_header(size: int) -> bytes:
    """The header of a 16-bit mono WAV with `size` bytes of sound."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)
