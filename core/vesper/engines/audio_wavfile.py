"""Files in place of sound devices: a recording is the microphone, a folder of WAVs the speaker.

The recording is read in small blocks, so three hours of it cost no more memory than a second. Both directions
live on the clock that is handed in: frame n is captured at the opening plus n * 10 ms, and what is "played" moves
with that clock, whether it is real or virtual.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import BadInput, Missing, VesperError
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, DeviceInfo, PlaybackKind, Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.framing import Framing

_log = logging.getLogger(__name__)

NOISE_RMS = 5e-4
_QUIET_PEAK = 1e-3
_BLOCK_S = 0.1
_POLL_S = 0.02
_NOISE = np.random.default_rng(20_251).normal(0.0, NOISE_RMS, 65_537).astype(np.float32)

Pace = Literal["real", "fast"]


class WavDevices:
    """A sound file as the microphone and `out_dir` as the speaker (None: what is played is only timed).

    `pace` "real" gives frames when their time has come, "fast" one frame at each read. After the file faint noise
    goes on for `tail_s` (may be infinite: then `has_ended` of the microphone says when the file was over).
    """

    def __init__(
        self,
        path: Path | None = None,
        out_dir: Path | None = None,
        clock: Clock | None = None,
        *,
        pace: Pace = "real",
        tail_s: float = 0.0,
    ) -> None:
        self._path = path
        self._out_dir = out_dir
        self._clock = clock or SystemClock()
        self._pace: Pace = pace
        self._tail_s = tail_s

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["pace"]`."""
        return EngineInfo("wavfile", facts={"pace": self._pace})

    def open(self) -> None:
        """Nothing to load before a file is named."""

    def close(self) -> None:
        """Nothing is kept; microphone and speaker are closed by themselves."""

    def probe(self) -> Probe:
        """Whether the file can be read."""
        try:
            if self._path is not None:
                _opened(self._path).close()
        except VesperError as error:
            return Probe("problem", error.sentence, error.hint)
        return Probe("ok", self._path.name if self._path else "no file")

    def devices(self) -> Sequence[DeviceInfo]:
        """The file and the folder, by their names."""
        found = [DeviceInfo(str(self._out_dir or "nowhere"), "output", SAMPLE_RATE, is_default=True)]
        if self._path is not None:
            found.insert(0, DeviceInfo(self._path.name, "input", SAMPLE_RATE, is_default=True))
        return found

    def open_microphone(self, name: str) -> WavMicrophone:
        """Open the file, whatever the name. Raises Missing("microphone.missing"), BadInput("audio.…")."""
        del name
        if self._path is None:
            raise Missing("microphone.missing", "No sound file was named.", "Name one with --wav FILE.")
        return WavMicrophone(self._path, self._clock, pace=self._pace, tail_s=self._tail_s)

    def open_speaker(self, name: str) -> WavSpeaker:
        """A sink that writes what is spoken into the folder, whatever the name.

        Raises BadInput("audio.not_written") when the folder cannot be made.
        """
        del name
        return WavSpeaker(self._out_dir, self._clock)

    def rescan(self) -> None:
        """Files neither come nor go."""


class WavMicrophone:
    """A file, read as if it were being spoken now."""

    def __init__(self, path: Path, clock: Clock, *, pace: Pace, tail_s: float) -> None:
        self._file = _opened(path)
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
            wait_s = self._due(frame) - self._clock.monotonic()
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


class WavSpeaker:
    """A sink that plays in time with the clock; spoken playbacks are written, short sounds are not."""

    def __init__(self, out_dir: Path | None, clock: Clock) -> None:
        self._out_dir = out_dir
        self._clock = clock
        self._written = 0
        self._playbacks: list[WavPlayback] = []
        # Playbacks end in the event loop or in the audio thread, and neither may wait for a disk.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vesper-wav")
        if out_dir is not None:
            _make_folder(out_dir)

    @property
    def info(self) -> DeviceInfo:
        """The folder."""
        return DeviceInfo(str(self._out_dir or "nowhere"), "output", SAMPLE_RATE)

    def play(self, rate: int, *, gain: float = 1.0, kind: PlaybackKind = "voice") -> WavPlayback:
        """See Speaker.play; a playback of kind "voice" becomes "answer-001.wav" and so on when it ends."""
        keep = _forget
        if self._out_dir is not None and kind == "voice":
            self._written += 1
            keep = partial(self._keep, self._out_dir / f"answer-{self._written:03}.wav", rate)
        playback = WavPlayback(rate, gain, clock=self._clock, keep=keep)
        self._playbacks = [*(p for p in self._playbacks if not p.is_over), playback]
        return playback

    def duck(self, gain: float) -> None:
        """Nobody listens to the sink, so nothing is made quieter."""

    def close(self) -> None:
        """End all playbacks and wait until every file is written."""
        for playback in self._playbacks:
            playback.flush()
        self._playbacks = []
        self._writer.shutdown()

    def _keep(self, path: Path, rate: int, sound: Samples) -> None:
        self._writer.submit(_write_wav, path, sound, rate)


class WavPlayback:
    """One thing being "played": every piece starts when the one before is over, but never before it was appended.

    `keep` is given all of the sound when it is finished, and what was heard of it when it is flushed.
    """

    def __init__(self, rate: int, gain: float, *, clock: Clock, keep: Callable[[Samples], None]) -> None:
        self._rate = rate
        self._gain = gain
        self._clock = clock
        self._keep = keep
        self._lock = threading.Lock()
        self._pieces: list[Samples] = []
        self._spans: list[tuple[float, int]] = []
        self._end: float = 0.0
        self._is_finished = False
        self._is_flushed = False

    @property
    def is_over(self) -> bool:
        """See Playback.is_over."""
        return self._is_finished and self._end - self._clock.monotonic() <= 1e-6

    @property
    def played_s(self) -> float:
        """See Playback.played_s."""
        with self._lock:
            return self._played() / self._rate

    @property
    def started_at(self) -> float | None:
        """See Playback.started_at."""
        with self._lock:
            return self._spans[0][0] if self._spans else None

    def append(self, pcm: Samples) -> None:
        """See Playback.append."""
        with self._lock:
            if self._is_finished or not len(pcm):
                return
            start = max(self._clock.monotonic(), self._end)
            self._spans.append((start, len(pcm)))
            self._pieces.append(np.asarray(pcm, np.float32) * np.float32(self._gain))
            self._end = start + len(pcm) / self._rate

    def finish(self) -> None:
        """See Playback.finish."""
        with self._lock:
            if not self._is_finished:
                self._is_finished = True
                self._keep(self._sound())

    def flush(self) -> None:
        """Keep only what has been played until now, and end."""
        with self._lock:
            if self._is_flushed:
                return
            played = self._played()
            self._pieces = [self._sound()[:played]]
            self._spans = _cut(self._spans, played)
            self._end = min(self._end, self._clock.monotonic())
            self._is_flushed = self._is_finished = True
            self._keep(self._pieces[0])

    async def ended(self) -> None:
        """See Playback.ended."""
        while not self.is_over:
            # Sound may still be appended, and a flush moves the end: so short steps.
            rest_s = self._end - self._clock.monotonic()
            await self._clock.sleep(min(rest_s, _POLL_S) if rest_s > 0 else _POLL_S)

    def _played(self) -> int:
        now = self._clock.monotonic()
        return sum(min(count, max(0, round((now - start) * self._rate))) for start, count in self._spans)

    def _sound(self) -> Samples:
        return np.concatenate([*self._pieces, np.zeros(0, np.float32)])


def _cut(spans: list[tuple[float, int]], played: int) -> list[tuple[float, int]]:
    kept: list[tuple[float, int]] = []
    for start, count in spans:
        if played <= 0:
            break
        kept.append((start, min(count, played)))
        played -= count
    return kept


def _forget(_sound: Samples) -> None:
    """What is only timed is not kept."""


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            "audio.not_written", f'"{folder}" cannot be made a folder.', "Choose a folder that can be written to."
        ) from error


def _write_wav(path: Path, sound: Samples, rate: int) -> None:
    import soundfile

    try:
        soundfile.write(path, np.clip(sound, -1.0, 1.0), rate, subtype="PCM_16")
    except (OSError, soundfile.SoundFileError) as error:
        _log.warning("%s was not written: %s", path.name, type(error).__name__)


def _opened(path: Path) -> Any:
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
