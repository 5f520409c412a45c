"""Wake word, voice activity and stop phrase over scripted tones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from vesper.base.errors import WrongUsage
from vesper.engines.scripted.tones import AUDIBLE_RMS, GAP_SAMPLES, Ear, rms
from vesper.ports.audio import AudioFrame, Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.wake import PhraseCheck, Sensitivity, WakeHit

STEP_SAMPLES = 512
PHRASES = ("okay nabu", "hey jarvis")
NEAR_MISSES = {"okay nabi": "okay nabu", "hey jarvi": "hey jarvis"}
"""What resembles a phrase and is turned down."""


class ScriptedWakeWordDetector:
    """Hears its phrases whenever they are spelled out; every sensitivity is the same."""

    def __init__(self) -> None:
        self.in_sentence = False
        self._phrases: tuple[str, ...] = ()
        self._ear = Ear()
        self._last = ""

    @property
    def info(self) -> EngineInfo:
        """See `WakeWordDetector`."""
        return EngineInfo("scripted", facts={"phrases": PHRASES})

    def open(self) -> None:
        """See `WakeWordDetector`."""

    def confirm_with(self, check: PhraseCheck | None) -> None:
        """See `WakeWordDetector`; tones leave no doubt."""

    def listen_for(self, phrases: Sequence[str], sensitivity: Sensitivity) -> None:
        """See `WakeWordDetector`."""
        del sensitivity
        for phrase in phrases:
            if phrase not in PHRASES:
                raise WrongUsage("wake.unknown_phrase", f'Vesper cannot listen for "{phrase}".')
        self._phrases = tuple(phrases)
        self.reset()

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """See `WakeWordDetector`. Fires in the silence behind the phrase's last letter."""
        self._ear.feed(frame.samples)
        text = self._ear.text
        if text == self._last or not self._ear.is_silent:
            return None
        self._last = text
        end = max(0, frame.end_sample - GAP_SAMPLES // 2)
        for phrase in self._phrases:
            if f" {text}".endswith(f" {phrase}"):
                self.reset()
                return WakeHit(phrase, 0.99, end, is_accepted=True)
        for said, phrase in NEAR_MISSES.items():
            if phrase in self._phrases and f" {text}".endswith(f" {said}"):
                return WakeHit(phrase, 0.4, end, is_accepted=False, why="below_threshold", threshold=0.5)
        return None

    def reset(self) -> None:
        """See `WakeWordDetector`."""
        self._ear, self._last = Ear(), ""

    def close(self) -> None:
        """See `WakeWordDetector`."""
        self.reset()

    def probe(self) -> Probe:
        """See `WakeWordDetector`."""
        return Probe("ok", ", ".join(self._phrases))


class ScriptedVoiceActivityDetector:
    """Takes for speech whatever is loud."""

    def __init__(self) -> None:
        self._step: Samples = np.zeros(0, np.float32)

    @property
    def info(self) -> EngineInfo:
        """See `VoiceActivityDetector`."""
        return EngineInfo("scripted", facts={"step_samples": STEP_SAMPLES})

    def open(self) -> None:
        """See `VoiceActivityDetector`."""

    def feed(self, frame: AudioFrame) -> float | None:
        """See `VoiceActivityDetector`."""
        self._step = np.concatenate((self._step, frame.samples))
        if len(self._step) < STEP_SAMPLES:
            return None
        step, self._step = self._step[:STEP_SAMPLES], self._step[STEP_SAMPLES:]
        return 0.98 if rms(step) >= AUDIBLE_RMS else 0.02

    def reset(self) -> None:
        """See `VoiceActivityDetector`."""
        self._step = np.zeros(0, np.float32)

    def close(self) -> None:
        """See `VoiceActivityDetector`."""

    def probe(self) -> Probe:
        """See `VoiceActivityDetector`."""
        return Probe("ok", "loudness")


class ScriptedStopStream:
    """Sound being listened to for a stop phrase."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, phrases: Sequence[str]) -> None:
        self._ear = Ear()
        self._phrases = phrases

    def feed(self, samples: Samples) -> None:
        """See `StopStreamEngine`."""
        self._ear.feed(samples)

    def heard(self) -> str | None:
        """See `StopStreamEngine`."""
        text = f" {self._ear.text} "
        found = next((phrase for phrase in self._phrases if f" {phrase} " in text), None)
        if found:
            self._ear = Ear()
        return found

    def cancel(self) -> None:
        """See `StopStreamEngine`."""


class ScriptedStopPhrases:
    """Hears its phrases as whole words."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)

    def __init__(self) -> None:
        self._phrases: tuple[str, ...] = ()

    @property
    def info(self) -> EngineInfo:
        """See `StopPhraseEngine`."""
        return EngineInfo("scripted")

    def open(self) -> None:
        """See `StopPhraseEngine`."""

    def load(self, phrases: Sequence[str]) -> None:
        """See `StopPhraseEngine`."""
        self._phrases = tuple(sorted(phrases, key=len, reverse=True))

    def start(self) -> ScriptedStopStream:
        """See `StopPhraseEngine`."""
        return ScriptedStopStream(self._phrases)

    def close(self) -> None:
        """See `StopPhraseEngine`."""

    def probe(self) -> Probe:
        """See `StopPhraseEngine`."""
        return Probe("ok", ", ".join(self._phrases))
