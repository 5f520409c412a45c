"""A microphone that hears a script, and a speaker that remembers what was said, both on the clock handed in."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence

import numpy as np

from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines.scripted.tones import heard, spoken
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, DeviceInfo, PlaybackKind, Samples
from vesper.ports.engine import EngineInfo, Probe

FRAME_S = FRAME_SAMPLES / SAMPLE_RATE
_NOISE = np.random.default_rng(7).normal(0.0, 5e-4, 65_537).astype(np.float32)
_POLL_S = 0.02
_PAUSE_SAMPLES = 30 * FRAME_SAMPLES

Line = tuple[float, str]


class ScriptedDevices:
    """One microphone and one speaker. `lines` are what is said: seconds after the microphone opened, and the words.

    With `is_fast` a frame comes at every read, else when the clock says so. Faint noise goes on for `length_s`.
    `say` speaks into the open microphone now; `unplug` and `plug` take it away and bring it back.
    """

    def __init__(
        self,
        lines: Sequence[Line] = (),
        clock: Clock | None = None,
        *,
        is_fast: bool = False,
        length_s: float = math.inf,
    ) -> None:
        self._lines = tuple(lines)
        self._clock = clock or SystemClock()
        self._is_fast = is_fast
        self._length_s = length_s
        self._is_plugged = threading.Event()
        self._is_plugged.set()
        self._open_microphone: ScriptedMicrophone | None = None
        self._on_change: Callable[[], None] = _nobody
        self.speakers: list[ScriptedSpeaker] = []

    @property
    def info(self) -> EngineInfo:
        """See `Engine`."""
        return EngineInfo("scripted")

    def open(self) -> None:
        """See `Engine`."""

    def close(self) -> None:
        """See `Engine`."""

    def probe(self) -> Probe:
        """See `Engine`."""
        return Probe("ok", "a script")

    def devices(self) -> Sequence[DeviceInfo]:
        """See `AudioDevices`."""
        speaker = DeviceInfo("Script speaker", "output", SAMPLE_RATE, is_default=True)
        microphone = DeviceInfo("Script microphone", "input", SAMPLE_RATE, is_default=True)
        return (microphone, speaker) if self._is_plugged.is_set() else (speaker,)

    def open_microphone(self, name: str) -> ScriptedMicrophone:
        """See `AudioDevices`."""
        del name
        if not self._is_plugged.is_set():
            raise Missing("microphone.missing", "There is no microphone.", "Connect one.")
        sound = _recording(self._lines)
        length = self._length_s * SAMPLE_RATE
        self._open_microphone = ScriptedMicrophone(
            sound, length, clock=self._clock, is_plugged=self._is_plugged, is_fast=self._is_fast
        )
        return self._open_microphone

    def open_speaker(self, name: str) -> ScriptedSpeaker:
        """See `AudioDevices`."""
        del name
        speaker = ScriptedSpeaker(self._clock)
        self.speakers.append(speaker)
        return speaker

    def rescan(self) -> None:
        """See `AudioDevices`."""

    def say(self, words: str) -> None:
        """Say this into the open microphone: after a short pause from now, or from the end of what is being said."""
        if self._open_microphone is not None:
            self._open_microphone.say(words)

    def follow(self, on_change: Callable[[], None] | None) -> bool:
        """See `AudioDevices`."""
        self._on_change = on_change or _nobody
        return True

    def unplug(self) -> None:
        """Take the microphone away."""
        self._is_plugged.clear()
        self._on_change()

    def plug(self) -> None:
        """Bring the microphone back."""
        self._is_plugged.set()
        self._on_change()


class ScriptedMicrophone:
    """Hears the script in front of faint noise."""

    def __init__(
        self, sound: Samples, length: float, *, clock: Clock, is_plugged: threading.Event, is_fast: bool
    ) -> None:
        self._sound = sound
        self._length = length
        self._clock = clock
        self._is_plugged = is_plugged
        self._is_fast = is_fast
        self._opened_at = clock.monotonic()
        self._next = 0
        self._is_closed = threading.Event()

    @property
    def info(self) -> DeviceInfo:
        """See `Microphone`."""
        return DeviceInfo("Script microphone", "input", SAMPLE_RATE)

    @property
    def has_ended(self) -> bool:
        """Whether the script is over."""
        return False

    @property
    def dropped(self) -> int:
        """See `Microphone`; a script waits for its reader."""
        return 0

    def read(self, timeout_s: float) -> list[AudioFrame]:
        """See `Microphone`."""
        if self._is_closed.is_set() or self._next >= self._length:
            raise EOFError("the script is over")
        if not self._is_plugged.is_set():
            raise DeviceLost("microphone.lost", "The microphone went away.", "Connect it again.")
        wait_s = 0.0 if self._is_fast else self._due(self._next) - self._clock.monotonic()
        if wait_s > 0 and (self._is_closed.wait(min(wait_s, timeout_s)) or wait_s > timeout_s):
            return []
        frames = [self._frame()]
        while not self._is_fast and self._next < self._length and self._due(self._next) <= self._clock.monotonic():
            frames.append(self._frame())
        return frames

    def close(self) -> None:
        """See `Microphone`."""
        self._is_closed.set()

    def say(self, words: str) -> None:
        """Add this to the script, behind a pause that keeps it apart from the words before."""
        silence = np.zeros(max(0, self._next - len(self._sound)) + _PAUSE_SAMPLES, np.float32)
        self._sound = np.concatenate([self._sound, silence, spoken(words)])

    def _due(self, first_sample: int) -> float:
        return self._opened_at + first_sample / SAMPLE_RATE + FRAME_S

    def _frame(self) -> AudioFrame:
        start, self._next = self._next, self._next + FRAME_SAMPLES
        samples = _NOISE[np.arange(start, self._next) % len(_NOISE)].copy()
        said = self._sound[start : self._next]
        samples[: len(said)] += said
        return AudioFrame(samples, start, self._due(start))


class ScriptedSpeaker:
    """Plays nothing, in time; `said` is what it would have sounded like."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._playbacks: list[tuple[PlaybackKind, ScriptedPlayback]] = []
        self.ducked_to = 1.0
        self.used: list[str] = []

    @property
    def info(self) -> DeviceInfo:
        """See `Speaker`."""
        return DeviceInfo("Script speaker", "output", SAMPLE_RATE)

    @property
    def said(self) -> list[str]:
        """The words of every answer's voice that has really been played until now."""
        return [heard(playback.played()) for kind, playback in self._playbacks if kind == "voice"]

    def play(self, rate: int, *, gain: float = 1.0, kind: PlaybackKind = "voice") -> ScriptedPlayback:
        """See `Speaker`."""
        playback = ScriptedPlayback(rate, gain, self._clock)
        self._playbacks.append((kind, playback))
        return playback

    def use(self, name: str) -> None:
        """See `Speaker`; `used` remembers the names."""
        self.used.append(name)

    def duck(self, gain: float) -> None:
        """See `Speaker`."""
        self.ducked_to = gain

    def close(self) -> None:
        """See `Speaker`."""
        for _, playback in self._playbacks:
            playback.flush()


class ScriptedPlayback:
    """Sound that leaves the speaker as time passes; a piece appended late begins late."""

    def __init__(self, rate: int, gain: float, clock: Clock) -> None:
        self._rate = rate
        self._gain = np.float32(gain)
        self._clock = clock
        self._lock = threading.Lock()
        self._pieces: list[tuple[float, Samples]] = []
        self._is_finished = False

    @property
    def played_s(self) -> float:
        """See `Playback`."""
        return len(self.played()) / self._rate

    @property
    def started_at(self) -> float | None:
        """See `Playback`."""
        with self._lock:
            return self._pieces[0][0] if self._pieces else None

    @property
    def is_over(self) -> bool:
        """See `Playback`."""
        return self._is_finished and self._end() <= self._clock.monotonic() + 1e-9

    def played(self) -> Samples:
        """The samples that have left the speaker."""
        now = self._clock.monotonic()
        with self._lock:
            parts = [piece[: max(0, round((now - start) * self._rate))] for start, piece in self._pieces]
        return np.concatenate([*parts, np.zeros(0, np.float32)]).astype(np.float32)

    def append(self, pcm: Samples) -> None:
        """See `Playback`."""
        if self._is_finished or not len(pcm):
            return
        start = max(self._end(), self._clock.monotonic())
        with self._lock:
            self._pieces.append((start, pcm * self._gain))

    def finish(self) -> None:
        """See `Playback`."""
        self._is_finished = True

    def flush(self) -> None:
        """See `Playback`."""
        if self.is_over:
            return
        played, now = self.played(), self._clock.monotonic()
        with self._lock:
            start = self._pieces[0][0] if self._pieces else now
            self._pieces = [(min(start, now - len(played) / self._rate), played)]
        self._is_finished = True

    async def ended(self) -> None:
        """See `Playback`."""
        while not self.is_over:
            await self._clock.sleep(max(_POLL_S / 4, min(_POLL_S, self._end() - self._clock.monotonic())))

    def _end(self) -> float:
        with self._lock:
            return self._pieces[-1][0] + len(self._pieces[-1][1]) / self._rate if self._pieces else 0.0


def _nobody() -> None:
    """Nobody follows."""


def _recording(lines: Sequence[Line]) -> Samples:
    """Every line at its time; where two overlap, the later one waits."""
    parts: list[Samples] = []
    position = 0
    for at_s, text in sorted(lines):
        sound = spoken(text)
        silence = max(0, round(at_s * SAMPLE_RATE) - position)
        parts += [np.zeros(silence, np.float32), sound]
        position += silence + len(sound)
    return np.concatenate([*parts, np.zeros(0, np.float32)])
