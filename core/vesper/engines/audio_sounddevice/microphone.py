"""The microphone: blocks of the device become frames of 16 kHz.

PortAudio's callback only copies the block into a bounded queue; everything else happens in the thread that reads.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vesper.base.clock import Clock
from vesper.base.errors import DeviceLost
from vesper.engines.audio_sounddevice.channels import ChannelChoice
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, DeviceInfo, Samples
from vesper.ports.framing import Framing

# Per second of silence, measured through ALSA and PulseAudio: blocks of 8 ms cost 2.4 % of a core, 20 ms 1.3 %,
# 32 ms 0.7 %, 64 ms 0.5 %. With 32 ms speech is heard 16 ms later on average.
BLOCK_S = 0.032
_QUEUED_BLOCKS = 128
_STARVED_S = 0.5
_FIRST_SOUND_S = 1.0  # a sleeping sound server wakes up
_FIRST_BLUETOOTH_SOUND_S = 4.0  # the headset changes its profile
_LONGEST_DELAY_S = 1.0


@dataclass(frozen=True, slots=True)
class _Block:
    data: bytes
    captured_at: float
    lost_before: int


class SoundMicrophone:
    """An open input stream, see `vesper.ports.audio.Microphone`.

    Whoever opens the stream attaches it, so that the class needs no device; `pause` gives it back for a moment.
    `is_quiet` says that Vesper itself makes no sound: only then is another channel chosen.
    """

    def __init__(
        self,
        info: DeviceInfo,
        clock: Clock,
        on_close: Callable[[], None],
        *,
        is_quiet: Callable[[], bool] = lambda: True,
    ) -> None:
        self.info = info
        """See Microphone.info; set anew when the device turns out to be another one."""
        self.channels = info.channels
        self._clock = clock
        self._rate = info.rate
        self._on_close = on_close
        self._is_quiet = is_quiet
        self._blocks: queue.SimpleQueue[_Block | None] = queue.SimpleQueue()
        self._lost_samples = 0
        self._dropped = 0
        self._framing = Framing()
        self._resampler = _resampler(info.rate)
        self._stream: Any = None
        self._closing = threading.Event()
        self._attaching = threading.Lock()
        self._paused_at: float | None = None
        self._is_lost = False
        self._channel = ChannelChoice(info.channels)
        self._empty_reads = 0
        self._starved_after = 0.0
        self._await_first_sound()

    @property
    def has_ended(self) -> bool:
        """A device has no end."""
        return False

    @property
    def dropped(self) -> int:
        """See Microphone.dropped."""
        return self._dropped

    def attach(self, stream: Any) -> None:
        """The stream whose callbacks are `take` and `finished`; it is closed with the microphone."""
        with self._attaching:
            if self._closing.is_set():  # closed while it was being opened
                stream.close(ignore_errors=True)
            else:
                self._stream = stream

    def pause(self) -> None:
        """Give the stream back until another one is attached; what is said meanwhile is lost, and counted."""
        self._paused_at = self._clock.monotonic()
        self._await_first_sound()
        self._end_stream()

    def lose(self) -> None:
        """The device is gone: whoever reads learns it now."""
        self._is_lost = True
        self._blocks.put(None)

    def read(self, timeout_s: float) -> list[AudioFrame]:
        """See Microphone.read. Raises DeviceLost also when nothing came for half a second: such a device is dead."""
        if self._is_lost or self._closing.is_set():
            raise self._loss()
        frames = self._frames(self._next(timeout_s))
        while not self._blocks.empty():
            frames += self._frames(self._next(0.0))
        self._notice_starving(is_fed=bool(frames))
        return frames

    def _notice_starving(self, *, is_fed: bool) -> None:
        """Nothing twice in a row: after a standstill of the whole machine the device comes before its reader."""
        self._empty_reads = 0 if is_fed else self._empty_reads + 1
        if self._empty_reads > 1 and self._clock.monotonic() > self._starved_after:
            raise DeviceLost(
                "microphone.starved",
                f'The microphone "{self.info.name}" has stopped giving sound.',
                "Vesper opens it anew. If that does not help, unplug it and plug it in again.",
            )

    def close(self) -> None:
        """See Microphone.close."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._end_stream()
        self._on_close()

    def take(self, data: Any, count: int, times: Any, status: Any) -> None:
        """PortAudio's callback: copy and go."""
        if self._paused_at is not None:
            self._lost_samples += round((self._clock.monotonic() - self._paused_at) * self._rate) - count
            self._paused_at = None
        if self._blocks.qsize() >= _QUEUED_BLOCKS:
            self._lost_samples += count
            self._dropped += count * SAMPLE_RATE // (self._rate * FRAME_SAMPLES)
            return
        if status.input_overflow:
            self._dropped += 1
        delay_s = times.currentTime - times.inputBufferAdcTime
        if not 0.0 <= delay_s <= _LONGEST_DELAY_S:  # some drivers give no times
            delay_s = count / self._rate
        captured_at = self._clock.monotonic() - delay_s + count / self._rate
        lost, self._lost_samples = self._lost_samples, 0
        self._blocks.put(_Block(bytes(data), captured_at, lost))

    def finished(self) -> None:
        """PortAudio's word that the stream has ended: expected after `close` and `pause`, else the device is gone."""
        if not self._closing.is_set() and self._paused_at is None:
            self.lose()

    def _await_first_sound(self) -> None:
        patience_s = _FIRST_BLUETOOTH_SOUND_S if self.info.is_call_quality else _FIRST_SOUND_S
        self._starved_after = self._clock.monotonic() + patience_s

    def _end_stream(self) -> None:
        with self._attaching:
            stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    def _next(self, timeout_s: float) -> _Block | None:
        try:
            return self._blocks.get(timeout=timeout_s) if timeout_s > 0 else self._blocks.get_nowait()
        except queue.Empty:
            return None

    def _frames(self, block: _Block | None) -> list[AudioFrame]:
        if block is None:
            return []
        self._starved_after = self._clock.monotonic() + _STARVED_S
        if block.lost_before:
            self._framing.skip(round(block.lost_before * SAMPLE_RATE / self._rate / FRAME_SAMPLES))
        mono = self._channel.of(np.frombuffer(block.data, np.float32), may_change=self._is_quiet())
        samples, delay_samples = self._resampler(mono)
        return self._framing.feed(samples, block.captured_at - delay_samples / SAMPLE_RATE)

    def _loss(self) -> DeviceLost:
        return DeviceLost(
            "microphone.lost",
            f'The microphone "{self.info.name}" is gone.',
            "Plug it in again, or choose another one in the settings.",
        )


def _resampler(rate: int) -> Callable[[Samples], tuple[Samples, float]]:
    """A function from the device's samples to those at 16 kHz and how many of them are still held back."""
    import soxr

    if rate == SAMPLE_RATE:
        return lambda block: (block, 0.0)
    # soxr works in pieces of its own: 5 to 40 ms of sound are held back, 23 ms on average, at 10 us a block. Its
    # variable-rate mode holds back 13 ms, for ten times the CPU time; low quality cuts speech off at 6 kHz.
    stream: Any = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", quality="MQ")
    return lambda block: (np.asarray(stream.resample_chunk(block), np.float32), float(stream.delay()))
