"""A recording as the microphone, read in small blocks: three hours of it cost no more memory than a second."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vesper.base.clock import Clock
from vesper.base.errors import BadInput
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, DeviceInfo, Samples
from vesper.ports.framing import Framing

NOISE_RMS = 5e-4
_QUIET_PEAK = 1e-3
_BLOCK_S = 0.1
# At its real pace a file comes in blocks as a device's does: a reader woken for every frame costs five times as much.
_REAL_BLOCK_S = 0.03
_NOISE = np.random.default_rng(20_251).normal(0.0, NOISE_RMS, 65_537).astype(np.float32)

Pace = Literal["real", "fast"]


class WavMicrophone:
    """A file, read as if it were being spoken now."""

    def __init__(self, path: Path, clock: Clock, *, pace: Pace, tail_s: float) -> None:
        self._file = opened(path)
        self._path = path
        self._clock = clock
        self._pace = pace
        self._tail_samples = tail_s * SAMPLE_RATE
        self._resampler = _resampler(self._file.samplerate)
        self._framing = Framing()
        self._waiting: deque[AudioFrame] = deque()
        self._start: float | None = None
        self._end_of_file: int | None = None
        self._next = 0
        self._closed = threading.Event()

    @property
    def info(self) -> DeviceInfo:
        """The file's name and rate."""
        return DeviceInfo(self._path.name, "input", self._file.samplerate)

    @property
    def dropped(self) -> int:
        """A file waits for its reader: always 0."""
        return 0

    @property
    def has_ended(self) -> bool:
        """Whether the whole file has been read; what is read now is the tail."""
        return self._end_of_file is not None and self._next >= self._end_of_file

    def read(self, timeout_s: float) -> list[AudioFrame]:
        """See Microphone.read. Raises EOFError when file and tail are over, BadInput when it breaks off."""
        if self._closed.is_set():
            raise EOFError(self._path.name)
        if self._start is None:
            self._start = self._clock.monotonic()
        frame = self._peek()
        if self._pace == "real":
            wait_s = self._due(frame) + _REAL_BLOCK_S - FRAME_SAMPLES / SAMPLE_RATE - self._clock.monotonic()
            if wait_s > 0 and self._closed.wait(min(wait_s, timeout_s)):
                return []
            if wait_s > timeout_s:
                return []
        return self._take_due()

    def close(self) -> None:
        """Close the file; a `read` that waits returns."""
        self._closed.set()
        self._file.close()

    def _take_due(self) -> list[AudioFrame]:
        frames = [self._take()]
        if self._pace == "real":
            now = self._clock.monotonic()
            while self._waiting and self._due(self._waiting[0]) <= now:
                frames.append(self._take())
        return frames

    def _take(self) -> AudioFrame:
        frame = self._peek()
        self._waiting.popleft()
        self._next = frame.end_sample
        return AudioFrame(frame.samples, frame.first_sample, self._due(frame), frame.view)

    def _due(self, frame: AudioFrame) -> float:
        assert self._start is not None
        return self._start + frame.end_sample / SAMPLE_RATE

    def _peek(self) -> AudioFrame:
        while not self._waiting:
            if self._end_of_file is None:
                self._read_block()
            else:
                self._lengthen(self._end_of_file)
        return self._waiting[0]

    def _read_block(self) -> None:
        block = _read(self._file, self._path)
        is_last = len(block) == 0
        samples = self._resampler(block, is_last)
        self._waiting.extend(_audible(frame) for frame in self._framing.feed(samples, 0.0))
        if is_last:
            if self._framing.pending:
                padding = np.zeros(FRAME_SAMPLES - self._framing.pending, np.float32)
                self._waiting.extend(_audible(frame) for frame in self._framing.feed(padding, 0.0))
            self._end_of_file = self._framing.next_sample

    def _lengthen(self, end_of_file: int) -> None:
        if self._framing.next_sample - end_of_file >= self._tail_samples:
            raise EOFError(self._path.name)
        silence = np.zeros(FRAME_SAMPLES, np.float32)
        self._waiting.extend(_audible(frame) for frame in self._framing.feed(silence, 0.0))


def opened(path: Path) -> Any:
    """The file, ready to be read as soundfile.SoundFile. Raises BadInput("audio.unreadable", …)."""
    import soundfile

    try:
        file = soundfile.SoundFile(path)
    except (OSError, soundfile.SoundFileError) as error:
        raise _unreadable(path) from error
    if file.frames == 0:
        file.close()
        raise BadInput("audio.empty", f'"{path.name}" holds no sound.', "Record it again.")
    return file


def _unreadable(path: Path) -> BadInput:
    if not path.exists():
        return BadInput("audio.not_found", f'There is no file "{path}".', "Check its name.")
    return BadInput(
        "audio.unreadable", f'"{path.name}" is no sound file that Vesper can read.', "WAV, FLAC, Ogg and MP3 work."
    )


def _read(file: Any, path: Path) -> Samples:
    """The next block as mono: channels averaged, values that are no numbers or far too large made harmless."""
    import soundfile

    try:
        block = file.read(max(1, round(file.samplerate * _BLOCK_S)), dtype="float32", always_2d=True)
    except (OSError, soundfile.SoundFileError) as error:
        raise BadInput(
            "audio.broken", f'"{path.name}" breaks off in the middle.', "Copy or record it again."
        ) from error
    mono = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0).mean(axis=1)
    return np.clip(mono, -1.0, 1.0).astype(np.float32)


def _resampler(rate: int) -> Callable[[Samples, bool], Samples]:
    import soxr

    if rate == SAMPLE_RATE:
        return lambda block, _is_last: block
    stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
    return lambda block, is_last: np.asarray(stream.resample_chunk(block, last=is_last), np.float32)


def _audible(frame: AudioFrame) -> AudioFrame:
    """The frame with faint noise where it is all but silent: recognisers fail on exact zeros.

    The noise depends on the position alone, so a file always gives the same frames.
    """
    if float(np.abs(frame.samples).max()) >= _QUIET_PEAK:
        return frame
    places = np.arange(frame.first_sample, frame.end_sample) % len(_NOISE)
    return AudioFrame(frame.samples + _NOISE[places], frame.first_sample, frame.captured_at, frame.view)
