"""Ears: the audio thread. Everything that happens per frame happens here.

Frames come in from the microphone; out go reports: a wake phrase, the sound and speech probabilities of what is
being attended to, the level, the loss of the device. A stall of the window or of the core's loop never deafens
Vesper: this thread goes on, and hands its reports over when the loop is free. It also silences Vesper's own
voice at once when the table of `audio/interruption.py` says so.

In silence only the wake word is computed. Voice activity is a matter of attention: while a turn is open, every
frame since its opening (the pre-roll included, out of the ring buffer) passes the detector.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vesper.audio.audibility import Audibility
from vesper.audio.interruption import Phase, Signal, effect_of
from vesper.audio.loudness import Loudness, LoudnessGauge
from vesper.audio.mid_sentence import MidSentence
from vesper.audio.ring_buffer import RingBuffer
from vesper.base.errors import VesperError, unexpected
from vesper.ports.activity import VoiceActivityDetector
from vesper.ports.audio import FRAME_SAMPLES, AudioFrame, Microphone, Samples
from vesper.ports.wake import WakeHit, WakeWordDetector

_log = logging.getLogger(__name__)

RING_SECONDS = 30
_READ_TIMEOUT_S = 0.25
_LEVEL_EVERY_FRAMES = 7
# In silence sound is heard in gulps: each waking costs as much as the work on five frames (3.2 % of a core without,
# 2.4 % with gulps of 60 ms, 1.8 % with 120). The wake phrase is noticed that much later; no sound is lost, and the
# end of a sentence is decided as soon as ever, because what is attended to is heard at once.
_GULP_S = 0.1


@dataclass(frozen=True, slots=True)
class WakeReport:
    """A wake phrase was heard, or nearly. `now_sample` is how far the stream had got by then."""

    hit: WakeHit
    now_sample: int


@dataclass(frozen=True, slots=True)
class SoundReport:
    """Sound that is attended to: `samples` from `first_sample` on.

    `activity` holds (sample just behind the step, probability of speech) for each step completed in it;
    `captured_at` is when the last of its samples was captured (`Clock.monotonic`).
    """

    first_sample: int
    samples: Samples
    activity: tuple[tuple[int, float], ...]
    captured_at: float

    @property
    def end_sample(self) -> int:
        """The position just behind the last sample."""
        return self.first_sample + len(self.samples)


@dataclass(frozen=True, slots=True)
class LevelReport:
    """RMS of the last frames in dB relative to full scale."""

    dbfs: float


@dataclass(frozen=True, slots=True)
class MicrophoneReport:
    """The microphone failed (`error`), or a file that stood in for it is over (`error` is None)."""

    error: VesperError | None
    microphone: Microphone


@dataclass(frozen=True, slots=True)
class AudibleReport:
    """The open microphone is heard (its first sound, or sound again), or has given nothing but zeros for a while."""

    is_audible: bool
    microphone: Microphone


Report = WakeReport | SoundReport | LevelReport | MicrophoneReport | AudibleReport | Loudness


@dataclass(frozen=True, slots=True)
class Views:
    """One frame as its different listeners get it (architecture: wake raw, recogniser clean).

    Until echo cancelling comes as an engine, both views are the raw frame; noise is taken out later, for the recogniser
    alone (`voice/cleaning.py`).
    """

    raw: AudioFrame
    clean: AudioFrame


class Ears:
    """Listens frame by frame, in a thread of its own or stepped by hand (recorded audio on a virtual clock).

    `deliver` is called in the thread that steps; `cut_sound` silences Vesper's own voice and must be quick and
    thread-safe. All other methods may be called from any thread: they take effect before the next frame.
    """

    def __init__(
        self,
        wake: WakeWordDetector,
        activity: VoiceActivityDetector,
        *,
        deliver: Callable[[Report], None],
        cut_sound: Callable[[], None] = lambda: None,
    ) -> None:
        self._wake = wake
        self._activity = activity
        self._deliver = deliver
        self._cut_sound = cut_sound
        self._ring = RingBuffer(RING_SECONDS)
        self._audibility = Audibility()
        self._mid_sentence = MidSentence()
        self._wishes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._is_wished = threading.Event()
        self._microphone: Microphone | None = None
        self._attending_from: int | None = None
        self._watches_level = False
        self._level_frames: list[Samples] = []
        self._gauge = LoudnessGauge()
        self._offset = 0
        self._captured_at = 0.0
        self._thread: threading.Thread | None = None
        self._is_closing = False
        self.phase = Phase.ARMED
        self.frames_heard = 0

    # ------------------------------------------------------------ any thread

    def start(self) -> None:
        """Begin to step in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="vesper-ears", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and close the microphone. Blocks for at most a second."""
        self._is_closing = True
        self._is_wished.set()
        if self._thread is not None:
            self._thread.join(timeout=1.0)
            self._thread = None
        self._use(None)

    def use(self, microphone: Microphone | None) -> None:
        """Hear through this microphone from now on (None: through none); the one before is closed."""
        self._wish(lambda: self._use(microphone))

    def attend(self, from_sample: int) -> None:
        """Report all sound from `from_sample` on, as far back as the ring buffer reaches."""
        self._wish(lambda: self._attend(from_sample))

    def ignore(self) -> None:
        """Stop reporting sound; the wake phrase is listened for as ever."""
        self._wish(self._ignore)

    def watch_level(self, on: bool) -> None:
        """Report the level some fifteen times a second, or no longer."""
        self._wish(lambda: self._watch_level(on))

    def listen_anew(self) -> None:
        """Report the next sound as the first one of this microphone."""
        self._wish(self._audibility.reset)

    def do(self, wish: Callable[[], None]) -> None:
        """Carry out something between two frames, for instance choose other wake phrases."""
        self._wish(wish)

    def _wish(self, wish: Callable[[], None]) -> None:
        self._wishes.put(wish)
        self._is_wished.set()

    @property
    def now_sample(self) -> int:
        """How far the stream has got."""
        return self._ring.end_sample

    # --------------------------------------------------------- audio thread

    def step(self, timeout_s: float = _READ_TIMEOUT_S) -> bool:
        """Carry out wishes, then hear what has arrived; False when there was nothing to hear."""
        self._is_wished.clear()
        while not self._wishes.empty():
            self._wishes.get()()
        if self._microphone is None:
            return False
        try:
            frames = self._microphone.read(timeout_s)
        except EOFError:
            self._lose(None)
            return False
        except Exception as error:  # noqa: BLE001 (told to the core, which opens the device anew)
            self._lose(unexpected(error))
            return False
        if frames:
            self._hear(frames)
        return bool(frames)

    def _run(self) -> None:
        while not self._is_closing:
            self._rest()
            self.step()

    def _rest(self) -> None:
        """Wait for a wish, for as long as nobody needs the sound at once."""
        if self._microphone is None:
            self._is_wished.wait(_READ_TIMEOUT_S)
        elif self._attending_from is None and not self._watches_level and self.phase is Phase.ARMED:
            self._is_wished.wait(_GULP_S)

    def _hear(self, frames: list[AudioFrame]) -> None:
        if (is_audible := self._audibility.hear(frames)) is not None and self._microphone is not None:
            self._deliver(AudibleReport(is_audible, self._microphone))
        activity: list[tuple[int, float]] = []
        for captured in frames:
            views = self._views(captured)
            self._ring.write(views.clean.first_sample, views.clean.samples)
            self.frames_heard += 1
            self._notice_wake(views.raw)
            if (measured := self._gauge.take(views.raw.samples)) is not None:
                self._deliver(measured)
            if self._attending_from is not None:
                self._notice_activity(views.clean, activity)
            if self._watches_level:
                self._notice_level(views.raw.samples)
        if self._attending_from is not None:
            self._report_sound(tuple(activity))

    def _views(self, captured: AudioFrame) -> Views:
        """Positions are counted over all microphones since the start, so that they never go back."""
        frame = AudioFrame(captured.samples, captured.first_sample + self._offset, captured.captured_at)
        self._captured_at = captured.captured_at
        return Views(raw=frame, clean=frame)

    def _notice_wake(self, frame: AudioFrame) -> None:
        self._wake.in_sentence = self.phase is Phase.HEARING and self._mid_sentence.at(frame.end_sample)
        hit = self._wake.feed(frame)
        if hit is None:
            return
        if hit.is_accepted and effect_of(Signal.WAKE, self.phase).cuts_sound:
            self._cut_sound()
        self._deliver(WakeReport(hit, frame.end_sample))

    def _notice_activity(self, frame: AudioFrame, activity: list[tuple[int, float]]) -> None:
        probability = self._activity.feed(frame)
        if probability is not None:
            activity.append((frame.end_sample, probability))
            self._mid_sentence.hear(frame.end_sample, probability)

    def _notice_level(self, samples: Samples) -> None:
        self._level_frames.append(samples)
        if len(self._level_frames) >= _LEVEL_EVERY_FRAMES:
            self._deliver(LevelReport(dbfs(np.concatenate(self._level_frames))))
            self._level_frames.clear()

    # --------------------------------------------------------------- wishes

    def _use(self, microphone: Microphone | None) -> None:
        if self._microphone is not None:
            self._microphone.close()
        self._microphone = microphone
        self._offset = self._ring.end_sample
        self._audibility.reset()
        self._wake.reset()
        self._activity.reset()
        self._gauge.reset()

    def _lose(self, error: VesperError | None) -> None:
        lost = self._microphone
        self._use(None)
        if lost is not None:
            self._deliver(MicrophoneReport(error, lost))

    def _attend(self, from_sample: int) -> None:
        self._activity.reset()
        self._mid_sentence.forget()
        heard = self._ring.read(from_sample, self._ring.end_sample)
        self._attending_from = heard.first_sample
        activity: list[tuple[int, float]] = []
        for at in range(0, len(heard.samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            frame = AudioFrame(heard.samples[at : at + FRAME_SAMPLES], heard.first_sample + at, self._captured_at)
            self._notice_activity(frame, activity)
        self._report_sound(tuple(activity))

    def _ignore(self) -> None:
        self._attending_from = None
        self._mid_sentence.forget()

    def _watch_level(self, on: bool) -> None:
        self._watches_level = on
        self._level_frames.clear()

    def _report_sound(self, activity: tuple[tuple[int, float], ...]) -> None:
        assert self._attending_from is not None
        start, end = self._attending_from, self._ring.end_sample
        if end > start:
            heard = self._ring.read(start, end)
            self._deliver(SoundReport(heard.first_sample, heard.samples, activity, self._captured_at))
            self._attending_from = end


def dbfs(samples: Samples) -> float:
    """RMS level of float samples in dB relative to full scale, at least -120."""
    rms = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    return max(-120.0, 20.0 * float(np.log10(max(rms, 1e-6))))
