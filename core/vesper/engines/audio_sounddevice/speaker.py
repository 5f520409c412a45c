"""The speaker: an output stream that runs only while something is to be heard.

Opened with the first playback (3 to 11 ms), stopped after some quiet seconds, so that a resting Vesper leaves the
sound server alone. A flush does not wait for the 60 ms that the device holds: the stream is aborted, which drops
them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from vesper.base.clock import Clock
from vesper.base.errors import DeviceLost, Missing
from vesper.engines.audio_sounddevice.mixer import MixedPlayback, Mixer
from vesper.ports.audio import DeviceInfo, PlaybackKind

BLOCK_S = 0.02
LATENCY_S = 0.06
REST_AFTER_S = 4.0
_LONGEST_LATENCY_S = 2.0

OpenStream = Callable[["SoundSpeaker"], Any]


class SoundSpeaker:
    """See `vesper.ports.audio.Speaker`. `open_stream(speaker)` opens and starts the output stream."""

    def __init__(
        self, info: DeviceInfo, clock: Clock, *, open_stream: OpenStream, on_close: Callable[[], None]
    ) -> None:
        self._info = info
        self._clock = clock
        self._open_stream = open_stream
        self._on_close = on_close
        self._mixer = Mixer(info.rate, clock)
        self._lock = threading.Lock()
        self._stream: Any = None
        self._is_closed = False

    @property
    def info(self) -> DeviceInfo:
        """See Speaker.info."""
        return self._info

    def play(self, rate: int, *, gain: float = 1.0, kind: PlaybackKind = "voice") -> MixedPlayback:
        """See Speaker.play. Raises DeviceLost when the device is gone, Missing when it cannot be started."""
        del kind
        with self._lock:
            if self._mixer.is_lost:
                raise DeviceLost(
                    "speaker.lost", f'The speaker "{self._info.name}" is gone.', "Vesper uses the next one it finds."
                )
            playback, must_start = self._mixer.play(rate, gain)
            if must_start:
                self._restart()
            return playback

    def duck(self, gain: float) -> None:
        """See Speaker.duck."""
        self._mixer.duck(gain)

    def close(self) -> None:
        """See Speaker.close."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            self._mixer.lose()
            self._end_stream()
        self._on_close()

    def fill(self, data: Any, count: int, times: Any, _status: Any) -> None:
        """PortAudio's callback: the next block, or the end of the stream when nothing is to be heard."""
        import sounddevice

        if self._mixer.cut_if_flushed():
            data[:] = bytes(len(data))
            raise sounddevice.CallbackAbort
        delay_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 < delay_s <= _LONGEST_LATENCY_S:  # some drivers give no times
            delay_s = LATENCY_S
        data[:] = self._mixer.fill(count, self._clock.monotonic() + delay_s).tobytes()
        if self._mixer.rest_if_quiet(REST_AFTER_S):
            raise sounddevice.CallbackStop

    def finished(self) -> None:
        """PortAudio's word that the stream has ended; unless Vesper wanted it, the device is gone."""
        if not self._mixer.is_resting and not self._is_closed:
            self._mixer.lose()

    def _restart(self) -> None:
        self._end_stream()
        try:
            self._stream = self._open_stream(self)
        except Missing:
            self._mixer.lose()
            raise

    def _end_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)
