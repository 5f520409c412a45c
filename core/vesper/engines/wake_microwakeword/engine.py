"""microWakeWord (Apache-2.0): small streaming models, all phrases on features computed once.

A model gives a probability every 30 ms, averaged over 5 of them. What a rise of the average means is decided in
`candidate`; after a hit every phrase rests for two seconds, because the same words keep several models high.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vesper.base.errors import EngineFailed, Missing, VesperError, WrongUsage
from vesper.engines.wake_microwakeword.candidate import Candidate, Circumstances, Demand, demand_of
from vesper.engines.wake_microwakeword.phrases import PHRASES, Thresholds
from vesper.engines.wake_microwakeword.surroundings import Surroundings
from vesper.ports.audio import FRAME_SAMPLES, SAMPLE_RATE, AudioFrame, Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.wake import PhraseCheck, Sensitivity, WakeHit

REFRACTORY_SAMPLES = 2 * SAMPLE_RATE
LOWERED_SAMPLES = 6 * SAMPLE_RATE
"""For this long after a near miss less is asked of the next score."""

_LOOK_BACK_S = 1.6
# A talk in the room comes near a phrase every minute or two; more than this says nothing new.
_MOST_NEAR_MISSES, _NEAR_MISSES_WITHIN = 4, 60 * SAMPLE_RATE


@dataclass(slots=True)
class _Listener:
    """One phrase being listened for; `score` is its newest average."""

    model: Any
    thresholds: Thresholds
    candidate: Candidate
    score: float = 0.0


class MicroWakeWordDetector:
    """Listens for any of the built-in phrases at once."""

    def __init__(self) -> None:
        self.in_sentence = False
        self._features: Any = None
        self._listeners: list[_Listener] = []
        self._check: PhraseCheck | None = None
        self._surroundings = Surroundings()
        self._sound: deque[Samples] = deque(maxlen=round(_LOOK_BACK_S * SAMPLE_RATE) // FRAME_SAMPLES)
        self._near_misses: deque[int] = deque(maxlen=_MOST_NEAR_MISSES)
        self._rests_until = 0
        self._lowered_until = 0

    @property
    def info(self) -> EngineInfo:
        """See WakeWordDetector.info."""
        return EngineInfo("microwakeword", facts={"phrases": tuple(PHRASES)})

    def open(self) -> None:
        """Check that the engine is there. Raises Missing("wake.missing")."""
        _package()

    def confirm_with(self, check: PhraseCheck | None) -> None:
        """See WakeWordDetector.confirm_with."""
        self._check = check

    def listen_for(self, phrases: Sequence[str], sensitivity: Sensitivity) -> None:
        """Choose the phrases. Raises WrongUsage("wake.unknown_phrase"), Missing("wake.missing")."""
        for phrase in phrases:
            if phrase not in PHRASES:
                known = ", ".join(f'"{name}"' for name in PHRASES)
                raise WrongUsage("wake.unknown_phrase", f'Vesper cannot listen for "{phrase}".', f"It knows {known}.")
        phrases = tuple(dict.fromkeys(phrases))
        if self._check is not None:
            self._check.open(phrases)
        self.close()
        self._features = _package().MicroWakeWordFeatures()
        self._listeners = [_listener(phrase, sensitivity) for phrase in phrases]

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """One frame of the stream, in order; about 0.02 ms a frame and phrase, 70 ms where a second look is taken."""
        if self._features is None:
            raise EngineFailed("wake.closed", "The wake word detector was used before a phrase was chosen.")
        self._surroundings.hear(frame.samples)
        self._sound.append(frame.samples)
        hit: WakeHit | None = None
        for features in self._features.process_streaming(_pcm16(frame)):
            for listener in self._listeners:
                hit = self._step(listener, features, frame.end_sample) or hit
        return hit

    def reset(self) -> None:
        """Forget the sound so far. Loads the models anew (3 ms each): their state cannot be cleared otherwise."""
        if self._features is not None:
            self._features.reset()
        for listener in self._listeners:
            listener.model.reset()
            listener.candidate.forget()
            listener.score = 0.0
        self._forget()

    def close(self) -> None:
        """Give the models back."""
        for listener in self._listeners:
            listener.model.close()
        self._listeners = []
        self._features = None
        self._forget()

    def probe(self) -> Probe:
        """Load every phrase and run one second of near silence through it."""
        tried = MicroWakeWordDetector()
        try:
            tried.listen_for(tuple(PHRASES), "normal")
            hits = [tried.feed(AudioFrame(np.full(160, 1e-4, np.float32), n * 160, 0.0)) for n in range(100)]
        except VesperError as error:
            return Probe("problem", error.sentence, error.hint)
        finally:
            tried.close()
        if any(hits):
            return Probe("problem", "The wake word detector hears a phrase in silence.", "Run the setup again.")
        return Probe("ok", ", ".join(PHRASES))

    def _forget(self) -> None:
        self._rests_until = self._lowered_until = 0
        self._surroundings.forget()
        self._sound.clear()
        self._near_misses.clear()

    def _step(self, listener: _Listener, features: Any, now: int) -> WakeHit | None:
        score = listener.model.process_streaming_prob(features)
        if not score:  # 0.0: the step of three features is incomplete
            return None
        listener.score = score
        if now < self._rests_until:
            return None
        phrase = listener.candidate.phrase
        check = self._check
        fits = (lambda: check.fits(phrase, np.concatenate(self._sound))) if check is not None else None
        hit = listener.candidate.step(score, now, self._demand(listener, now), fits=fits)
        if hit is None:
            return None
        return self._accept(hit, now) if hit.is_accepted else self._near_miss(hit, now)

    def _demand(self, listener: _Listener, now: int) -> Demand:
        circumstances = Circumstances(
            # Measuring the noise takes a tenth of a millisecond: only where a score rises.
            is_noisy=listener.score > listener.thresholds.maybe / 4 and self._surroundings.is_noisy,
            after_near_miss=now < self._lowered_until,
            in_sentence=self.in_sentence,
        )
        return demand_of(listener.thresholds, looks=self._check is not None, circumstances=circumstances)

    def _accept(self, hit: WakeHit, now: int) -> WakeHit:
        self._rests_until, self._lowered_until = now + REFRACTORY_SAMPLES, 0
        for listener in self._listeners:
            listener.candidate.forget()
        return hit

    def _near_miss(self, hit: WakeHit, now: int) -> WakeHit | None:
        self._lowered_until = now + LOWERED_SAMPLES
        recent = [at for at in self._near_misses if now - at < _NEAR_MISSES_WITHIN]
        if len(recent) >= _MOST_NEAR_MISSES:
            return None
        self._near_misses.append(now)
        return hit


def _pcm16(frame: AudioFrame) -> bytes:
    scaled = frame.samples * np.float32(32767.0)
    # Two ufuncs in place: np.clip costs ten times as much on 160 samples, a hundred times a second.
    np.minimum(scaled, 32767.0, out=scaled)
    np.maximum(scaled, -32767.0, out=scaled)
    return scaled.astype(np.int16).tobytes()


def _package() -> Any:
    try:
        import pymicro_wakeword
    except (ImportError, OSError) as error:
        raise Missing("wake.missing", "The wake word detector is not installed.", "Run the setup again.") from error
    return pymicro_wakeword


def _listener(phrase: str, sensitivity: Sensitivity) -> _Listener:
    known = PHRASES[phrase]
    config = Path(_package().__file__).parent / "models" / f"{known.file}.json"
    try:
        model = _package().MicroWakeWord.from_config(config)
    except (OSError, ValueError, KeyError, json.JSONDecodeError) as error:
        raise Missing("wake.missing", f'The model of "{phrase}" is damaged.', "Run the setup again.") from error
    return _Listener(model, known.thresholds[sensitivity], Candidate(phrase, known.lag_samples))
