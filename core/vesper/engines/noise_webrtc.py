"""Noise suppression by WebRTC's noise suppressor (BSD-3-Clause), in the wheel of pywebrtc-audio (Apache-2.0).

It works on frames of 10 ms and costs 0.2 % of a core. Its weakest level takes 6 dB of the noise away; the stronger
ones take more of it and of the speech too, and the recogniser hears worse (docs/decisions/0011).
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from vesper.base.errors import EngineFailed, Missing
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, Samples
from vesper.ports.engine import EngineInfo, Probe

_WEAKEST = 0


class WebRtcNoiseSuppressor:
    """Suppresses steady noise by 6 dB."""

    def __init__(self) -> None:
        self._suppressor: Any = None
        self._rest: Samples = np.zeros(0, np.float32)
        self._ready: Samples = np.zeros(0, np.float32)

    @property
    def info(self) -> EngineInfo:
        """See NoiseSuppressor.info."""
        return EngineInfo("webrtc")

    def open(self) -> None:
        """Load the library. Raises Missing("noise.missing")."""
        if self._suppressor is None:
            try:
                library: Any = importlib.import_module("pywebrtc_audio")  # Any: its types are numpy's alone
            except ImportError as error:
                raise Missing("noise.missing", "pywebrtc-audio is not installed.", "Run the setup again.") from error
            self._suppressor = library.NoiseSuppressor(SAMPLE_RATE, 1, _WEAKEST)

    def feed(self, samples: Samples) -> Samples:
        """See NoiseSuppressor.feed: what does not fill a frame waits for the next call, and silence comes before."""
        if self._suppressor is None:
            raise EngineFailed("noise.closed", "The noise suppressor is not open.")
        whole = np.concatenate((self._rest, samples))
        frames = whole[: len(whole) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
        self._rest = whole[frames.size :]
        clean = [self._ready, *(self._suppressor.process(frame) for frame in frames)]
        missing = len(samples) - sum(map(len, clean))
        out = np.concatenate([np.zeros(max(0, missing), np.float32), *clean])
        self._ready = out[len(samples) :]
        return out[: len(samples)]

    def reset(self) -> None:
        """See NoiseSuppressor.reset."""
        self._rest = self._ready = np.zeros(0, np.float32)
        if self._suppressor is not None:
            self._suppressor.reset()

    def close(self) -> None:
        """See NoiseSuppressor.close."""
        self._suppressor = None

    def probe(self) -> Probe:
        """See NoiseSuppressor.probe."""
        try:
            self.open()
        except Missing as missing:
            return Probe("problem", missing.sentence, missing.hint)
        return Probe("ok", "less noise for the recogniser")
