"""Voice activity: frames in, the probability of speech out. Called in the audio thread."""

from __future__ import annotations

from typing import Protocol

from vesper.ports.audio import AudioFrame
from vesper.ports.engine import EngineInfo, Probe


class VoiceActivityDetector(Protocol):
    """Judges whether a frame is speech."""

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["step_samples"]` is how many samples one probability stands for."""
        ...

    def open(self) -> None:
        """Load the model. Raises Missing."""
        ...

    def feed(self, frame: AudioFrame) -> float | None:
        """The probability of speech for the step this frame completes; None while a step is incomplete."""
        ...

    def reset(self) -> None:
        """Forget the sound so far."""
        ...

    def close(self) -> None:
        """Give the model back."""
        ...

    def probe(self) -> Probe:
        """Whether the detector works."""
        ...
