"""Speech to text and text to speech over scripted tones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from vesper.engines.scripted.tones import Ear, heard, spoken
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.stt import Grammar, GrammarReport, Partial, Transcript, drop_prefix
from vesper.ports.tts import Pcm, SpeakingStyle, Voice

VOICES = (Voice("Script", "en-gb", "female"), Voice("Prompt", "en-us", "male"))
PIECE_SAMPLES = SAMPLE_RATE // 2


class ScriptedSpeechToText:
    """Reads tones, and trusts them as far as the grammar does; without a grammar everything is a sentence."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)

    def __init__(self) -> None:
        self._expected: _Expected | None = None

    @property
    def info(self) -> EngineInfo:
        """See `SpeechToTextEngine`."""
        return EngineInfo("scripted", languages=("en",))

    def open(self) -> None:
        """See `SpeechToTextEngine`."""

    def load(self, grammar: Grammar) -> GrammarReport:
        """See `SpeechToTextEngine`."""
        self._expected = _Expected(grammar)
        return GrammarReport(words=len({word for _, _, word, _ in grammar.graph.arcs}))

    def start(self) -> ScriptedSttStream:
        """See `SpeechToTextEngine`."""
        return ScriptedSttStream(self._expected)

    def recognise(self, samples: Samples) -> Transcript:
        """See `SpeechToTextEngine`."""
        return _transcript(heard(samples), self._expected)

    def close(self) -> None:
        """See `SpeechToTextEngine`."""

    def probe(self) -> Probe:
        """See `SpeechToTextEngine`."""
        return Probe("ok", "tones")


class ScriptedSttStream:
    """One utterance being read live."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, expected: _Expected | None) -> None:
        self._expected = expected
        self._ear = Ear()

    def feed(self, samples: Samples) -> None:
        """See `SttStreamEngine`."""
        self._ear.feed(samples)

    def partial(self) -> Partial:
        """See `SttStreamEngine`."""
        words = _words(self._ear.text, self._expected)
        if self._expected is None:
            return Partial(" ".join(words), is_complete=bool(words))
        state = self._expected.state_after(words)
        is_complete = bool(words) and state in self._expected.finals
        return Partial(" ".join(words), is_complete=is_complete, can_go_on=state in self._expected.open_states)

    def finish(self) -> Transcript:
        """See `SttStreamEngine`."""
        return _transcript(self._ear.text, self._expected)

    def cancel(self) -> None:
        """See `SttStreamEngine`."""


class ScriptedGatekeeper:
    """Reads any tones as words, whether a grammar knows them or not."""

    def __init__(self) -> None:
        self._prefixes: tuple[str, ...] = ()

    @property
    def info(self) -> EngineInfo:
        """See `GatekeeperEngine`."""
        return EngineInfo("scripted", languages=("en",))

    def open(self) -> None:
        """See `GatekeeperEngine`."""

    def load(self, grammar: Grammar) -> None:
        """See `GatekeeperEngine`."""
        self._prefixes = grammar.prefixes

    def recognise(self, samples: Samples) -> tuple[Transcript, ...]:
        """See `GatekeeperEngine`."""
        ear = Ear()
        ear.feed(samples)
        words = drop_prefix(ear.text.split(), self._prefixes)
        return (Transcript(" ".join(words), engine="scripted", language="en"),) if words else ()

    def close(self) -> None:
        """See `GatekeeperEngine`."""

    def probe(self) -> Probe:
        """See `GatekeeperEngine`."""
        return Probe("ok", "tones")


class ScriptedTextToSpeech:
    """Says text as tones; both voices sound the same."""

    @property
    def info(self) -> EngineInfo:
        """See `TextToSpeechEngine`."""
        return EngineInfo("scripted", languages=("en",), facts={"voices": len(VOICES)})

    def open(self) -> None:
        """See `TextToSpeechEngine`."""

    def voices(self) -> Sequence[Voice]:
        """See `TextToSpeechEngine`."""
        return VOICES

    def speak(self, text: str, style: SpeakingStyle) -> Iterator[Pcm]:
        """See `TextToSpeechEngine`; in pieces of half a second."""
        samples = spoken(text) * np.float32(style.volume / 100)
        for start in range(0, len(samples), PIECE_SAMPLES):
            yield Pcm(samples[start : start + PIECE_SAMPLES], SAMPLE_RATE)

    def close(self) -> None:
        """See `TextToSpeechEngine`."""

    def probe(self) -> Probe:
        """See `TextToSpeechEngine`."""
        return Probe("ok", "tones")


class _Expected:
    """A grammar as it is looked up word by word."""

    def __init__(self, grammar: Grammar) -> None:
        self.prefixes = grammar.prefixes
        self.language = grammar.language
        self.finals = grammar.graph.finals
        self.open_states = {start for start, _, _, _ in grammar.graph.arcs}
        self._arcs = {(start, word): end for start, end, word, _ in grammar.graph.arcs}

    def state_after(self, words: Sequence[str]) -> int | None:
        """Where the graph stands after these words; None when it does not know them."""
        state: int | None = 0
        for word in words:
            state = self._arcs.get((state, word)) if state is not None else None
        return state


def _words(text: str, expected: _Expected | None) -> list[str]:
    return drop_prefix(text.split(), expected.prefixes if expected else ())


def _transcript(text: str, expected: _Expected | None) -> Transcript:
    words = _words(text, expected)
    said = " ".join(words)
    if not words:
        return Transcript("", 0.0, verdict="empty", engine="scripted", language="en")
    if expected is not None and expected.state_after(words) not in expected.finals:
        return Transcript("", 0.0, (said,), "rejected", "scripted", expected.language)
    return Transcript(said, 1.0, engine="scripted", language=expected.language if expected else "en")
