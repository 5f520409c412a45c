"""The speaker: an output stream that runs only while something is to be heard.

It is started with each playback and stops as soon as nothing sounds: a resting Vesper leaves the sound server
alone, and a stream that starts has no silence queued in front of the first word (80 ms, measured). A flush does
not wait either for what the device holds: the stream is aborted, which drops it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from vesper.base.clock import Clock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines.audio_sounddevice.mixer import MixedPlayback, Mixer
from vesper.ports.audio import DeviceInfo, PlaybackKind

BLOCK_S = 0.02
LATENCY_S = 0.1  # on a busy machine 60 ms ran dry now and then
REST_AFTER_S = 0.1
_FIRST_SOUND_S = 0.04
_LONGEST_LATENCY_S = 2.0

_GO_ON_AFTER_S = (0.0, 0.2, 0.5, 1.0)  # a sound server that was restarted is not ready at once

OpenStream = Callable[["SoundSpeaker", Callable[[], None]], Any]


class SoundSpeaker:
    """See `vesper.ports.audio.Speaker`.

    `open_stream(speaker, finished)` opens and starts an output stream that calls `speaker.fill` for every block and
    `finished` when it has ended. `on_lost` looks for devices anew, after one went away in the middle.
    """

    def __init__(
        self,
        info: DeviceInfo,
        clock: Clock,
        *,
        name: str,
        open_stream: OpenStream,
        on_close: Callable[[], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.name = name
        """The device that was asked for; "" for the system's choice."""
        self.info = info
        """See Speaker.info; set anew when a stream is opened on another device."""
        self._clock = clock
        self._open_stream = open_stream
        self._on_close = on_close
        self._on_lost = on_lost
        self._mixer = Mixer(info.rate, clock)
        self._lock = threading.Lock()
        self._stream: Any = None
        self._run = 0
        self._is_fresh = False
        self._is_interrupted = False
        self._closing = threading.Event()

    @property
    def rate(self) -> int:
        """The rate in Hz at which `fill` gives sound."""
        return self._mixer.rate

    @property
    def is_resting(self) -> bool:
        """Whether nothing sounds."""
        return self._mixer.is_resting

    @property
    def is_lost(self) -> bool:
        """Whether the device is gone or this was closed."""
        return self._mixer.is_lost

    def play(self, rate: int, *, gain: float = 1.0, kind: PlaybackKind = "voice") -> MixedPlayback:
        """See Speaker.play. Raises DeviceLost when the device is gone, Missing when it cannot be started."""
        del kind
        with self._lock:
            if self._mixer.is_lost:
                raise DeviceLost(
                    "speaker.lost", f'The speaker "{self.info.name}" is gone.', "Vesper uses the next one it finds."
                )
            playback, must_start = self._mixer.play(rate, gain)
            if must_start:
                self._restart_or_lose()
            return playback

    def use(self, name: str) -> None:
        """See Speaker.use."""
        with self._lock:
            self.name = name
            if self._stream is None or self._mixer.is_resting or self._mixer.is_lost:
                return
            self._run += 1  # the end of this stream is wanted
            run = self._run
        self._go_on(run)

    def duck(self, gain: float) -> None:
        """See Speaker.duck."""
        self._mixer.duck(gain)

    def close(self) -> None:
        """See Speaker.close."""
        with self._lock:
            if self._closing.is_set():
                return
            self._closing.set()
            self._mixer.lose()
            self._end_stream()
        self._on_close()

    def release(self) -> bool:
        """Give the resting stream back until the next playback opens one; False while something sounds.

        It waits for no one: a playback that is just beginning counts as sounding.
        """
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if not (self._mixer.is_resting or self._mixer.is_lost or self._is_interrupted):
                return False
            self._end_stream()
            return True
        finally:
            self._lock.release()

    def fill(self, data: Any, count: int, times: Any, _status: Any) -> None:
        """PortAudio's callback: the next block, or the end of the stream when nothing is to be heard."""
        import sounddevice

        if self._is_fresh:
            self._is_fresh = False
            self._mixer.await_sound(_FIRST_SOUND_S)
        if self._mixer.cut_if_flushed():
            data[:] = bytes(len(data))
            raise sounddevice.CallbackAbort
        delay_s = times.outputBufferDacTime - times.currentTime
        if not times.outputBufferDacTime or not 0.0 <= delay_s <= _LONGEST_LATENCY_S:  # some drivers give no times
            delay_s = LATENCY_S
        data[:] = self._mixer.fill(count, self._clock.monotonic() + delay_s).tobytes()
        if self._mixer.rest_if_quiet(REST_AFTER_S):
            raise sounddevice.CallbackStop

    def _finished(self, run: int) -> None:
        """PortAudio's word that a stream has ended; unless Vesper wanted it, the device is gone.

        The word of an earlier stream may come when the next one runs already. It comes in PortAudio's own thread, in
        which no stream can be closed.
        """
        if run == self._run and not self._mixer.is_resting and not self._closing.is_set():
            threading.Thread(target=self._go_on, args=(run,), name="vesper-speaker", daemon=True).start()

    def _go_on(self, run: int) -> None:
        with self._lock:
            if run != self._run or self._mixer.is_lost:
                return
            self._mixer.rewind()
            self._end_stream()
            self._is_interrupted = True
        for pause_s in _GO_ON_AFTER_S:
            if self._closing.wait(pause_s):
                return
            self._on_lost()
            if self._has_gone_on():
                return
        with self._lock:
            self._is_interrupted = False
            self._mixer.lose()

    def _has_gone_on(self) -> bool:
        with self._lock:
            try:
                if not self._closing.is_set():
                    self._restart()
            except Missing:
                return False
            self._is_interrupted = False
            return True

    def _restart_or_lose(self) -> None:
        try:
            self._restart()
        except Missing:
            self._mixer.lose()
            raise

    def _restart(self) -> None:
        self._run += 1
        self._end_stream()
        self._is_fresh = True
        self._stream = self._open_stream(self, partial(self._finished, self._run))

    def _end_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)
