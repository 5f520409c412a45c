"""What the speaker plays: several playbacks mixed, ducked, flushed, and the knowledge of what was heard.

No device in here. The device's callback asks for blocks and says when each will leave the speaker; from those
times follows what has been heard at any moment, which is less than what was handed over.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from vesper.base.clock import Clock
from vesper.ports.audio import Samples

RAMP_S = 0.03
FADE_S = 0.01
_POLL_S = 0.02
_REMEMBERED_SPANS = 256
_REWOUND_S = 2.0  # more than any device holds


class MixedPlayback:
    """One thing being played, see `vesper.ports.audio.Playback`. Made by `Mixer.play`."""

    def __init__(self, mixer: Mixer, rate: int, gain: float) -> None:
        self._mixer = mixer
        self._lock = mixer.lock
        self._gain = np.float32(gain)
        self._resample = _resampler(rate, mixer.rate)
        self._queue: deque[Samples] = deque()
        # (time at the speaker, position in this playback, samples) of each block handed over
        self._spans: deque[tuple[float, int, int]] = deque(maxlen=_REMEMBERED_SPANS)
        self._handed: deque[Samples] = deque()
        self._given = 0
        self._started_at: float | None = None
        self._is_finished = False
        self._fade = 1.0
        self._cut_at: int | None = None
        self.is_flushing = False

    @property
    def played_s(self) -> float:
        """See Playback.played_s."""
        with self._lock:
            return self._played(self._mixer.now()) / self._mixer.rate

    @property
    def started_at(self) -> float | None:
        """See Playback.started_at."""
        with self._lock:
            if self._started_at is None or self._mixer.now() < self._started_at:
                return None
            return self._started_at

    @property
    def is_over(self) -> bool:
        """See Playback.is_over."""
        with self._lock:
            return self._is_over()

    def append(self, pcm: Samples) -> None:
        """See Playback.append."""
        with self._lock:
            if not self._is_finished and len(pcm):
                self._queue.append(self._resample(np.asarray(pcm, np.float32) * self._gain, False))
                self._mixer.notice_sound()

    def finish(self) -> None:
        """See Playback.finish."""
        with self._lock:
            if not self._is_finished:
                self._queue.append(self._resample(np.zeros(0, np.float32), True))
                self._is_finished = True

    def flush(self) -> None:
        """See Playback.flush: a short fade, or a cut of the whole device when nothing else sounds."""
        with self._lock:
            self._is_finished = True
            if not self._is_over():
                self.is_flushing = True

    async def ended(self) -> None:
        """See Playback.ended. Returns as well when the device is lost: then nothing more will be heard."""
        while (rest_s := self._rest_s()) > 0:
            await self._mixer.clock.sleep(rest_s)

    def _rest_s(self) -> float:
        with self._lock:
            if self._is_over():
                return 0.0
            if not self.is_done() or self.is_flushing:
                return _POLL_S
            return max(1e-4, self._heard_until() - self._mixer.now())

    def take(self, count: int, at: float) -> Samples | None:
        """Up to `count` samples for the block that sounds at `at`; None when there are none. Lock held."""
        pieces: list[Samples] = []
        wanted = count
        while self._queue and wanted:
            piece = self._queue.popleft()
            if len(piece) > wanted:
                self._queue.appendleft(piece[wanted:])
                piece = piece[:wanted]
            pieces.append(piece)
            wanted -= len(piece)
        taken = count - wanted
        if not taken:
            return None
        if self._started_at is None:
            self._started_at = at
        self._spans.append((at, self._given, taken))
        self._given += taken
        piece = np.concatenate(pieces)
        self._remember(piece)
        return piece

    def cut(self, *, at: float | None = None) -> None:
        """Nothing more of it sounds; `at`: what was heard by then is all that counts. Lock held."""
        self._queue.clear()
        self._is_finished, self.is_flushing = True, False
        if at is not None and self._cut_at is None:
            self._cut_at = self._played(at)

    def rewind(self, now: float) -> None:
        """What was handed over and not heard by `now` will be handed over again. Lock held."""
        heard = self._played(now)
        unheard = self._given - heard
        handed = np.concatenate([*self._handed, np.zeros(0, np.float32)])
        again = handed[max(0, len(handed) - unheard) :]
        if len(again):
            self._queue.appendleft(again.astype(np.float32))
        self._given -= len(again)
        self._handed.clear()
        known = ((at, place, min(count, heard - place)) for at, place, count in self._spans if place < heard)
        self._spans = deque(known, maxlen=_REMEMBERED_SPANS)
        if not heard:
            self._started_at = None

    def _remember(self, piece: Samples) -> None:
        self._handed.append(piece)
        while len(self._handed) > 1 and sum(map(len, self._handed)) > _REWOUND_S * self._mixer.rate:
            self._handed.popleft()

    def has_sound(self) -> bool:
        """Whether there is something to hand over. Lock held."""
        return any(len(piece) for piece in self._queue)

    def is_done(self) -> bool:
        """Whether everything was handed over. Lock held."""
        return self._is_finished and not self.has_sound()

    def _is_over(self) -> bool:
        if self._cut_at is not None or self._mixer.is_lost:
            return True
        return self.is_done() and not self.is_flushing and self._mixer.now() >= self._heard_until()

    def _heard_until(self) -> float:
        if not self._spans:
            return 0.0
        at, _, count = self._spans[-1]
        return at + count / self._mixer.rate

    def _played(self, now: float) -> int:
        if self._cut_at is not None:
            return self._cut_at
        for at, position, count in reversed(self._spans):
            if now >= at:
                return position + min(count, round((now - at) * self._mixer.rate))
        return 0


class Mixer:
    """Mixes playbacks at the device's `rate`. `fill` belongs to the device's thread, the rest to any."""

    def __init__(self, rate: int, clock: Clock) -> None:
        self.rate = rate
        self.clock = clock
        self.lock = threading.RLock()
        self._sound_came = threading.Condition(self.lock)
        self.is_lost = False
        self.is_resting = True
        self._playbacks: list[MixedPlayback] = []
        self._gain = 1.0
        self._target_gain = 1.0
        self._quiet_samples = 0

    def now(self) -> float:
        """The clock's monotonic time."""
        return self.clock.monotonic()

    def play(self, rate: int, gain: float) -> tuple[MixedPlayback, bool]:
        """Begin a playback; the second value says that the device rests and must be started for it."""
        playback = MixedPlayback(self, rate, gain)
        with self.lock:
            was_resting, self.is_resting = self.is_resting, False
            self._playbacks.append(playback)
            self._quiet_samples = 0
        return playback, was_resting

    def notice_sound(self) -> None:
        """A playback has got sound. Lock held."""
        self._sound_came.notify_all()

    def await_sound(self, timeout_s: float) -> None:
        """Wait until some playback has sound to give.

        A device that starts fills its whole buffer at once; filled with silence it would delay the first word by
        that buffer.
        """
        with self.lock:
            self._sound_came.wait_for(lambda: any(playback.has_sound() for playback in self._playbacks), timeout_s)

    def duck(self, gain: float) -> None:
        """See Speaker.duck."""
        self._target_gain = gain

    def rewind(self) -> None:
        """The device is gone and another one will go on: what it took and did not play is to be played."""
        with self.lock:
            now = self.now()
            for playback in self._playbacks:
                playback.rewind(now)

    def lose(self) -> None:
        """The device is gone: every playback ends with what was heard until now."""
        with self.lock:
            now = self.now()
            for playback in self._playbacks:
                playback.cut(at=now)
            self._playbacks.clear()
            self.is_lost = True

    def cut_if_flushed(self) -> bool:
        """End everything if all that sounds is being flushed; the device shall then drop what it holds and rest."""
        with self.lock:
            live = [playback for playback in self._playbacks if not playback.is_over]
            if not live or not all(playback.is_flushing for playback in live):
                return False
            now = self.now()
            for playback in self._playbacks:
                playback.cut(at=now)
            self._playbacks.clear()
            self.is_resting = True
            return True

    def rest_if_quiet(self, after_s: float) -> bool:
        """Whether nothing sounded for `after_s`; the device shall then stop until the next `play`."""
        with self.lock:
            self.is_resting = not self._playbacks and self._quiet_samples > after_s * self.rate
            return self.is_resting

    def fill(self, count: int, at: float) -> Samples:
        """The next `count` samples for the device, the first of which leaves the speaker at `at`."""
        block = np.zeros(count, np.float32)
        with self.lock:
            for playback in self._playbacks:
                piece = playback.take(count, at)
                if piece is None:
                    continue
                if playback.is_flushing:
                    piece = _faded_out(piece, round(FADE_S * self.rate))
                block[: len(piece)] += piece
            self._settle()
            self._quiet_samples = 0 if self._playbacks else self._quiet_samples + count
            gains = self._ramp(count)
        block *= gains
        return np.clip(block, -1.0, 1.0, out=block)

    def _settle(self) -> None:
        for playback in self._playbacks:
            if playback.is_flushing:
                playback.cut()
        self._playbacks = [p for p in self._playbacks if not (p.is_done() and p.is_over)]

    def _ramp(self, count: int) -> Samples | np.float32:
        if self._gain == self._target_gain:
            return np.float32(self._gain)
        step = 1.0 / (RAMP_S * self.rate)
        way = self._target_gain - self._gain
        ramp = np.clip(np.arange(1, count + 1) * step, 0.0, abs(way)) * np.sign(way) + self._gain
        self._gain = float(ramp[-1])
        if abs(self._gain - self._target_gain) < 1e-6:
            self._gain = self._target_gain
        return ramp.astype(np.float32)


def _faded_out(piece: Samples, fade_samples: int) -> Samples:
    faded = np.zeros_like(piece)
    kept = min(fade_samples, len(piece))
    faded[:kept] = piece[:kept] * np.linspace(1.0, 0.0, kept, dtype=np.float32)
    return faded


def _resampler(rate: int, wanted_rate: int) -> Callable[[Samples, bool], Samples]:
    import soxr

    if rate == wanted_rate:
        return lambda pcm, _is_last: pcm
    stream: Any = soxr.ResampleStream(rate, wanted_rate, 1, dtype="float32", quality="HQ")
    return lambda pcm, is_last: np.asarray(stream.resample_chunk(pcm, last=is_last), np.float32)
