"""Noise suppression: sound in, the same sound with less of the room out.

For the recogniser alone: the wake word hears better without it (docs/decisions/0011).
"""

from __future__ import annotations

from typing import Protocol

from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe


class NoiseSuppressor(Protocol):
    """Takes steady noise out of 16 kHz sound. It learns the noise from what it is fed, so the room goes in first."""

    @property
    def info(self) -> EngineInfo:
        """Its name."""
        ...

    def open(self) -> None:
        """Load what is needed. Raises Missing."""
        ...

    def feed(self, samples: Samples) -> Samples:
        """The samples with less noise, as many as were fed, at most 10 ms late."""
        ...

    def reset(self) -> None:
        """Forget the noise."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """Whether it works."""
        ...
