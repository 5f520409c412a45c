"""Replay: a recording through the whole voice loop as fast as it decodes, on a virtual clock.

The frames drive the clock: 10 ms of sound, 10 ms of time. While something works outside of it (a recogniser or a
voice in a child process, an answer on its way through threads and storage) the clock goes no faster than real time,
so that every delay measured on it is one that a user would have had; where nothing works, nothing is waited for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from vesper.audio.ears import Ears
from vesper.base.clock import VirtualClock
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE

_FRAME_S = FRAME_SAMPLES / SAMPLE_RATE
_POLL_S = 0.001


class Replay:
    """Steps `ears` and the clock together; `is_working` tells whether something is waited for."""

    def __init__(self, ears: Ears, clock: VirtualClock, is_working: Callable[[], bool]) -> None:
        self._ears = ears
        self._clock = clock
        self._is_working = is_working

    async def run(self, is_over: Callable[[], bool]) -> None:
        """Go on until `is_over`; when the recording has ended time goes on without sound."""
        while not is_over():
            until = time.monotonic() + _FRAME_S
            self._ears.step(0.0)
            await self._clock.advance(_FRAME_S)
            await self._keep_pace(until)

    async def _keep_pace(self, until: float) -> None:
        """Give those who work outside as long as this frame would really have lasted, and no longer."""
        while self._is_working() and time.monotonic() < until:  # noqa: ASYNC110 (real work gives no event)
            await asyncio.sleep(_POLL_S)  # noqa: TID251
