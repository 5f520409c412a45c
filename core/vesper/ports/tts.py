"""Text to speech: a clause in, sound out. Playing is the speaker's work, not the engine's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that can be chosen by `name`; `language` is ISO 639-1 with region ("en-gb")."""

    name: str
    language: str
    gender: str = ""


@dataclass(frozen=True, slots=True)
class SpeakingStyle:
    """How to speak: voice name ("" = the default of the language), words a minute, volume and pitch in percent."""

    language: str = "en"
    voice: str = ""
    rate: int = 170
    volume: int = 80
    pitch: int = 50


@dataclass(frozen=True, slots=True)
class Pcm:
    """A piece of speech: mono float32 at `rate` Hz."""

    samples: Samples
    rate: int


class TextToSpeechEngine(Protocol):
    """An engine that speaks (engine side, synchronous)."""

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        ...

    def open(self) -> None:
        """Load the synthesiser. Raises Missing("voice.missing", …) when no voice is installed."""
        ...

    def voices(self) -> Sequence[Voice]:
        """All voices that can be chosen."""
        ...

    def speak(self, text: str, style: SpeakingStyle) -> Iterator[Pcm]:
        """Speak one clause; nothing is yielded for text without anything to say."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """Speak one word into nothing."""
        ...


class TextToSpeech(Protocol):
    """Speaks, clause by clause."""

    async def voices(self) -> Sequence[Voice]:
        """All voices that can be chosen."""
        ...

    def speak(self, text: str, style: SpeakingStyle) -> AsyncIterator[Pcm]:
        """Speak one clause. Raises EngineFailed when the engine hung (2 s without sound) or died."""
        ...

    async def probe(self) -> Probe:
        """Speak one word into nothing."""
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...
