"""Wake words: frames in, a hit or a near miss out. Called in the audio thread, so it must be quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from vesper.ports.audio import AudioFrame, Samples
from vesper.ports.engine import EngineInfo, Probe

Sensitivity = Literal["strict", "normal", "keen"]


@dataclass(frozen=True, slots=True)
class WakeHit:
    """A phrase was heard (`is_accepted`) or nearly heard.

    `ended_at_sample` is the best estimate of where the phrase ends in the stream; the detector fires later.
    `threshold` is the score that is enough, 0 where the detector has none.
    """

    phrase: str
    score: float
    ended_at_sample: int
    is_accepted: bool
    why: str = ""
    threshold: float = 0.0


class PhraseCheck(Protocol):
    """Takes a second look at buffered sound. Called in the audio thread, seldom: it may take 100 ms."""

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["phrases"]` are those it was opened for."""
        ...

    def open(self, phrases: Sequence[str] = ()) -> None:
        """Get ready for these phrases and no others. Raises Missing."""
        ...

    def fits(self, phrase: str, samples: Samples) -> bool:
        """Whether `phrase` is in these one to two seconds. Raises WrongUsage for one it was not opened for."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """A quick real check."""
        ...


class WakeWordDetector(Protocol):
    """Listens for several phrases at once.

    `in_sentence` is set by whoever knows that somebody is in the middle of a sentence: then more is asked of a phrase.
    """

    in_sentence: bool

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["phrases"]` are the phrases it can listen for."""
        ...

    def open(self) -> None:
        """Load nothing yet but check that the engine is there. Raises Missing."""
        ...

    def confirm_with(self, check: PhraseCheck | None) -> None:
        """Take a second look at doubtful sound with `check`, from the next `listen_for` on."""
        ...

    def listen_for(self, phrases: Sequence[str], sensitivity: Sensitivity) -> None:
        """Choose the phrases. Raises WrongUsage("wake.unknown_phrase", …) for one it cannot hear."""
        ...

    def feed(self, frame: AudioFrame) -> WakeHit | None:
        """One frame of the stream, in order."""
        ...

    def reset(self) -> None:
        """Forget the sound so far (after a gap in the stream)."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """Whether the chosen phrases can be listened for."""
        ...


class StopStreamEngine(Protocol):
    """Sound being listened to for a stop phrase (engine side)."""

    def feed(self, samples: Samples) -> None:
        """More sound, 16 kHz mono."""
        ...

    def heard(self) -> str | None:
        """The phrase that was heard in what was fed since the last call, or None."""
        ...

    def cancel(self) -> None:
        """Throw the sound away."""
        ...


class StopPhraseEngine(Protocol):
    """Hears a single phrase such as "stop" while Vesper speaks or a timer rings (engine side, synchronous)."""

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        ...

    def open(self) -> None:
        """Check that the model is there. Raises Missing."""
        ...

    def load(self, phrases: Sequence[str]) -> None:
        """Listen for these phrases from the next stream on; one whose words it does not know is never heard."""
        ...

    def start(self) -> StopStreamEngine:
        """Begin to listen."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...

    def probe(self) -> Probe:
        """A quick real check."""
        ...


class StopStream(Protocol):
    """Sound being listened to for a stop phrase. Calls keep their order."""

    def feed(self, samples: Samples) -> None:
        """More sound; returns at once."""
        ...

    async def heard(self) -> str | None:
        """The phrase that was heard in what was fed since the last call, or None."""
        ...

    def cancel(self) -> None:
        """Throw the sound away; returns at once."""
        ...


class StopPhraseDetector(Protocol):
    """Hears a single phrase such as "stop" while Vesper speaks or a timer rings."""

    async def load(self, phrases: Sequence[str]) -> None:
        """Listen for these phrases from the next stream on."""
        ...

    async def start(self) -> StopStream:
        """Begin to listen. Raises EngineFailed."""
        ...

    async def probe(self) -> Probe:
        """A quick real check."""
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...
