"""Wake phrases by microWakeWord (Apache-2.0): small streaming models, all phrases on features computed once.

A model gives a probability every 30 ms, averaged over 5 of them. A phrase is heard when the average passes the
cut-off of the chosen sensitivity; after that every phrase rests for two seconds, because the same words keep
several models high. An average that rose and fell back below the cut-off is reported as a near miss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vesper.base.errors import EngineFailed, Missing, VesperError, WrongUsage
from vesper.ports.audio import SAMPLE_RATE, AudioFrame
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.wake import Sensitivity, WakeHit

REFRACTORY_SAMPLES = 2 * SAMPLE_RATE
NEAR_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class PhraseModel:
    """What is known of a built-in phrase.

    `cutoffs` are average probabilities by sensitivity. `lag_samples`: how long after the phrase's real end the
    average passes the normal cut-off, median over espeak-ng voices; single utterances lie 100 ms to either side.
    """

    file: str
    cutoffs: Mapping[Sensitivity, float]
    lag_samples: int


# Cut-offs, on 41 minutes of other speech (four clips say "athena", which okay nabu takes for itself):
#   okay nabu    false 4, 7, 9 by sensitivity; espeak in 8 English voices at 20 dB with a command behind it in one
#                breath: heard 47 %, 78 %, 94 %, with a pause of 150 ms 91 %, 100 %, 100 %
#   alexa        false 0, 0, 1; of 167 recordings missed 3.0 %, 0.0 %, 0.0 % clean and 9.6 %, 4.8 %, 1.8 % at 10 dB
#   hey mycroft  false 0, 2, 9; hey jarvis  false 1, 1, 1 (a bare "jarvis"); too few recordings for rates of misses
PHRASES: dict[str, PhraseModel] = {
    "okay nabu": PhraseModel("okay_nabu", {"strict": 0.9, "normal": 0.7, "keen": 0.5}, 1600),
    "hey jarvis": PhraseModel("hey_jarvis", {"strict": 0.97, "normal": 0.9, "keen": 0.5}, 2700),
    "hey mycroft": PhraseModel("hey_mycroft", {"strict": 0.97, "normal": 0.9, "keen": 0.8}, 0),
    "alexa": PhraseModel("alexa", {"strict": 0.9, "normal": 0.6, "keen": 0.4}, 2800),
}


@dataclass(slots=True)
class _Listener:
    """One phrase being listened for; `peak` is the rise that was not told yet, at `peak_sample`."""

    phrase: str
    model: Any
    cutoff: float
    lag_samples: int
    near: float = field(init=False)
    peak: float = 0.0
    peak_sample: int = 0

    def __post_init__(self) -> None:
        self.near = self.cutoff * NEAR_SHARE


class MicroWakeWordDetector:
    """Listens for any of the built-in phrases at once."""

    def __init__(self) -> None:
        self._features: Any = None
        self._listeners: list[_Listener] = []
        self._rests_until = 0

    @property
    def info(self) -> EngineInfo:
        """See WakeWordDetector.info."""
        return EngineInfo("microwakeword", facts={"phrases": tuple(PHRASES)})

    def open(self) -> None:
        """Check that the engine is there. Raises Missing("wake.missing")."""
        _package()

    def listen_for(self, phrases: Sequence[str], sensitivity: Sensitivity) -> None:
        """Choose the phrases. Raises WrongUsage("wake.unknown_phrase"), Missing("wake.missing")."""
        for phrase in phrases:
            if phrase not in PHRASES:
                known = ", ".join(f'"{name}"' for name in PHRASES)
                raise WrongUsage("wake.unknown_phrase", f'Vesper cannot listen for "{phrase}".', f"It knows {known}.")
        self.close()
        self._features = _package().MicroWakeWordFeatures()
        self._listeners = [_listener(phrase, sensitivity) for phrase in dict.fromkeys(phrases)]

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """One frame of the stream, in order; about 0.02 ms a frame and phrase."""
        if self._features is None:
            raise EngineFailed("wake.closed", "The wake word detector was used before a phrase was chosen.")
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
            listener.peak = 0.0
        self._rests_until = 0

    def close(self) -> None:
        """Give the models back."""
        for listener in self._listeners:
            listener.model.close()
        self._listeners = []
        self._features = None
        self._rests_until = 0

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

    def _step(self, listener: _Listener, features: Any, now: int) -> WakeHit | None:
        score = listener.model.process_streaming_prob(features)
        if not score or now < self._rests_until:  # 0.0: the step of three features is incomplete
            return None
        if score > listener.cutoff:
            self._rest(now)
            return WakeHit(listener.phrase, round(score, 3), max(0, now - listener.lag_samples), is_accepted=True)
        if score >= listener.near:
            if score > listener.peak:
                listener.peak, listener.peak_sample = score, now
            return None
        peak, listener.peak = listener.peak, 0.0
        if not peak:
            return None
        ended = max(0, listener.peak_sample - listener.lag_samples)
        score, needed = round(peak, 3), listener.cutoff
        return WakeHit(listener.phrase, score, ended, is_accepted=False, why="below_threshold", threshold=needed)

    def _rest(self, now: int) -> None:
        self._rests_until = now + REFRACTORY_SAMPLES
        for listener in self._listeners:
            listener.peak = 0.0


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
    return _Listener(phrase, model, known.cutoffs[sensitivity], known.lag_samples)
