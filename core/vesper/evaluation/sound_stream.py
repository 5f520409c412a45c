"""A microphone that hears what it is given: one endless stream, faint noise but for the utterances put into it.

So engines are started once and hear many utterances one after the other, as in a real day. The speaker is handed
in, and everything lives on one clock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from vesper.base.clock import Clock
from vesper.evaluation.made_speech import faint_noise
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, DeviceInfo, Samples, Speaker

_NAME = "made sound"
_NOISE_S = 7
# A virtual clock is advanced in steps of a frame, whose sum is no exact number.
_CLOCK_GRAIN_S = 1e-4


class StreamMicrophone:
    """Faint noise for ever, and in it what `say` puts there; a frame comes when its time is over on the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start: float | None = None
        self._next = 0
        self._waiting = np.zeros(0, np.float32)
        self._noise = faint_noise(_NOISE_S * SAMPLE_RATE)
        self._closed = threading.Event()

    @property
    def info(self) -> DeviceInfo:
        """Its name and rate."""
        return DeviceInfo(_NAME, "input", SAMPLE_RATE)

    @property
    def has_ended(self) -> bool:
        """Whether everything that was put in has been heard."""
        return not len(self._waiting)

    @property
    def dropped(self) -> int:
        """The stream waits for its reader: always 0."""
        return 0

    def say(self, samples: Samples) -> float:
        """Put whole frames of sound in; the moment of their first sample (`Clock.monotonic`)."""
        begins_at = self.moment(self._next + len(self._waiting))
        self._waiting = np.concatenate((self._waiting, samples))
        return begins_at

    def moment(self, sample: int) -> float:
        """When the sample at a position of the stream sounds."""
        start = self._clock.monotonic() if self._start is None else self._start
        return start + sample / SAMPLE_RATE

    def read(self, timeout_s: float) -> list[AudioFrame]:
        """See Microphone.read; at most one frame at a time, none before its time. Raises EOFError when closed."""
        if self._closed.is_set():
            raise EOFError(_NAME)
        if self._start is None:
            self._start = self._clock.monotonic()
        captured_at = self.moment(self._next + FRAME_SAMPLES)
        if self._clock.monotonic() < captured_at - _CLOCK_GRAIN_S:
            return []
        frame = AudioFrame(self._take(), self._next, captured_at)
        self._next += FRAME_SAMPLES
        return [frame]

    def close(self) -> None:
        """No sample arrives after this."""
        self._closed.set()

    def _take(self) -> Samples:
        if len(self._waiting):
            samples, self._waiting = self._waiting[:FRAME_SAMPLES], self._waiting[FRAME_SAMPLES:]
            return samples
        at = self._next % (len(self._noise) - FRAME_SAMPLES)
        return self._noise[at : at + FRAME_SAMPLES]


class StreamDevices:
    """A stream as the machine's microphone, and the speaker that is handed in."""

    def __init__(self, microphone: StreamMicrophone, speaker: Speaker) -> None:
        self._microphone = microphone
        self._speaker = speaker

    def devices(self) -> Sequence[DeviceInfo]:
        """The two."""
        return (self._microphone.info, self._speaker.info)

    def open_microphone(self, name: str) -> StreamMicrophone:
        """The stream, whatever the name."""
        del name
        return self._microphone

    def open_speaker(self, name: str) -> Speaker:
        """The speaker, whatever the name."""
        del name
        return self._speaker

    def rescan(self) -> None:
        """Nothing comes or goes."""

    def follow(self, on_change: Callable[[], None] | None) -> bool:
        """False: nothing comes or goes."""
        del on_change
        return False
