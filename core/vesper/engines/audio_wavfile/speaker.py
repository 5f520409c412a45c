"""A sink that plays in time with a clock and writes what was spoken, one WAV an answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from vesper.base.clock import Clock
from vesper.base.errors import BadInput
from vesper.ports.audio import SAMPLE_RATE, DeviceInfo, PlaybackKind, Samples

_log = logging.getLogger(__name__)

_POLL_S = 0.02


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

    def use(self, name: str) -> None:
        """There is one sink only."""

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
