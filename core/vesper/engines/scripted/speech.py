"""Speech to text and text to speech over scripted tones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from vesper.engines.scripted.tones import Ear, heard, spoken
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.stt import Grammar, GrammarReport, Partial, Transcript, WordGraph, drop_prefix
from vesper.ports.tts import Pcm, SpeakingStyle, Voice

VOICES = (Voice("Script", "en-gb", "female"), Voice("Prompt", "en-us", "male"))
PIECE_SAMPLES = SAMPLE_RATE // 2


class ScriptedSpeechToText:
    """Reads tones, and trusts them as far as the grammar does; without a grammar everything is a sentence."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)

    def __init__(self) -> None:
        self._grammar: Grammar | None = None

    @property
    def info(self) -> EngineInfo:
        """See `SpeechToTextEngine`."""
        return EngineInfo("scripted", languages=("en",))

    def open(self) -> None:
        """See `SpeechToTextEngine`."""

    def load(self, grammar: Grammar) -> GrammarReport:
        """See `SpeechToTextEngine`."""
        self._grammar = grammar
        return GrammarReport(words=len({word for _, _, word, _ in grammar.graph.arcs}))

    def start(self) -> ScriptedSttStream:
        """See `SpeechToTextEngine`."""
        return ScriptedSttStream(self._grammar)

    def recognise(self, samples: Samples) -> Transcript:
        """See `SpeechToTextEngine`."""
        return _transcript(heard(samples), self._grammar)

    def close(self) -> None:
        """See `SpeechToTextEngine`."""

    def probe(self) -> Probe:
        """See `SpeechToTextEngine`."""
        return Probe("ok", "tones")


class ScriptedSttStream:
    """One utterance being read live."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, grammar: Grammar | None) -> None:
        self._grammar = grammar
        self._ear = Ear()

    def feed(self, samples: Samples) -> None:
        """See `SttStreamEngine`."""
        self._ear.feed(samples)

    def partial(self) -> Partial:
        """See `SttStreamEngine`."""
        words = _words(self._ear.text, self._grammar)
        if self._grammar is None:
            return Partial(" ".join(words), is_complete=bool(words))
        state = _state_after(words, self._grammar.graph)
        graph = self._grammar.graph
        can_go_on = state is not None and any(start == state for start, _, _, _ in graph.arcs)
        return Partial(" ".join(words), is_complete=state in graph.finals and bool(words), can_go_on=can_go_on)

    def finish(self) -> Transcript:
        """See `SttStreamEngine`."""
        return _transcript(self._ear.text, self._grammar)

    def cancel(self) -> None:
        """See `SttStreamEngine`."""


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


def _words(text: str, grammar: Grammar | None) -> list[str]:
    return drop_prefix(text.split(), grammar.prefixes if grammar else ())


def _transcript(text: str, grammar: Grammar | None) -> Transcript:
    words = _words(text, grammar)
    said = " ".join(words)
    if not words:
        return Transcript("", 0.0, verdict="empty", engine="scripted", language="en")
    if grammar is not None and _state_after(words, grammar.graph) not in grammar.graph.finals:
        return Transcript("", 0.0, (said,), "rejected", "scripted", grammar.language)
    return Transcript(said, 1.0, engine="scripted", language=grammar.language if grammar else "en")


def _state_after(words: Sequence[str], graph: WordGraph) -> int | None:
    """Where the graph stands after these words; None when it does not know them."""
    state = 0
    for said in words:
        ends = [end for start, end, word, _ in graph.arcs if start == state and word == said]
        if not ends:
            return None
        state = ends[0]
    return state
