"""The recogniser: decodes speech with one word graph, live for partials and once more over the whole utterance.

pocketsphinx holds the interpreter's lock for a whole call, so this runs in a child process; two of them run, one
for the live decoding, one for the second pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from vesper.base.errors import EngineFailed, Missing
from vesper.engines.stt_pocketsphinx.decoder import (
    Decoder,
    FaintNoise,
    decode_whole,
    heard_words,
    make_decoder,
    model_folder,
)
from vesper.engines.stt_pocketsphinx.dictionary import Dictionary, dictionary
from vesper.engines.stt_pocketsphinx.graph import GraphWalk, decoder_graph
from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.stt import Grammar, GrammarReport, Partial, Transcript

NAME = "pocketsphinx"
_GRAPH = "commands"


class PocketsphinxStream:
    """One utterance being decoded live."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, engine: PocketsphinxSpeechToText, decoder: Decoder) -> None:
        self._engine = engine
        self._decoder = decoder
        self._noise = FaintNoise()
        self._is_open = True
        decoder.start_utt()
        decoder.process_raw(self._noise.alone())

    def feed(self, samples: Samples) -> None:
        """More sound, 16 kHz mono."""
        if self._is_open and len(samples):
            self._decoder.process_raw(self._noise.over(samples))

    def partial(self) -> Partial:
        """What was understood of all that was fed."""
        return self._engine.partial_of(heard_words(self._decoder))

    def finish(self) -> Transcript:
        """End the utterance."""
        if not self._is_open:
            raise EngineFailed("stt.ended", "The utterance has already ended.")
        self._decoder.process_raw(self._noise.alone())
        self.cancel()
        return self._engine.transcript_of(self._decoder)

    def cancel(self) -> None:
        """Throw the utterance away."""
        if self._is_open:
            self._is_open = False
            self._decoder.end_utt()
            self._engine.stream_ended(self)


class PocketsphinxSpeechToText:
    """English commands of a grammar, nothing else, with what comes in pocketsphinx's wheel."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)
    DEADLINES: ClassVar[Mapping[str, float]] = {"load": 60.0}

    def __init__(self) -> None:
        self._decoder: Decoder | None = None
        self._walk: GraphWalk | None = None
        self._dictionary = Dictionary({}, {})
        self._stream: PocketsphinxStream | None = None
        self._language = "en"
        self._mean = ""

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        return EngineInfo(NAME, languages=("en",))

    def open(self) -> None:
        """Check that the model is there. Raises Missing."""
        model_folder()

    def load(self, grammar: Grammar) -> GrammarReport:
        """Make this the grammar of everything begun from now on."""
        words = {word for _, _, word, _ in grammar.graph.arcs}
        self._dictionary = dictionary(words, grammar.prefixes)
        known = self._dictionary.known
        self._decoder = make_decoder(self._dictionary.entries)
        self._install(grammar)
        guessed = sorted(word for word in words & known.keys() if known[word].origin == "guessed")
        return GrammarReport(len(words), tuple(guessed), tuple(sorted(words - known.keys())))

    def _install(self, grammar: Grammar) -> None:
        decoder = self._ready()
        graph = decoder_graph(grammar, decoder.lookup_word)
        decoder.add_fsg(_GRAPH, decoder.create_fsg(_GRAPH, graph.start, graph.final, list(graph.transitions)))
        decoder.activate_search(_GRAPH)
        self._walk = GraphWalk(grammar.graph)
        self._language = grammar.language

    def start(self) -> PocketsphinxStream:
        """Begin a live utterance; one that is still open is thrown away."""
        if self._stream:
            self._stream.cancel()
        decoder = self._ready()
        if self._mean:
            decoder.set_cmn(self._mean)
        self._stream = PocketsphinxStream(self, decoder)
        return self._stream

    def recognise(self, samples: Samples) -> Transcript:
        """A whole utterance at once, normalised by its own mean: better than live."""
        if self._stream:
            self._stream.cancel()
        decoder = self._ready()
        decode_whole(decoder, samples)
        return self.transcript_of(decoder)

    def partial_of(self, words: list[str]) -> Partial:
        """Words heard so far, with where they stand in the grammar."""
        position = self._walk.position(words) if self._walk and words else None
        if position is None:
            return Partial(" ".join(words))
        return Partial(" ".join(words), is_complete=position.is_sentence, can_go_on=position.can_go_on)

    def transcript_of(self, decoder: Decoder) -> Transcript:
        """The result of an utterance that has ended."""
        words = heard_words(decoder)
        text = " ".join(words)
        sentence = self._walk.sentence(words) if self._walk else None
        facts: dict[str, Any] = {"heard": text}
        if sentence:
            sounds = self._dictionary.sounds(sentence)
            return Transcript(" ".join(sentence), engine=NAME, language=self._language, sounds=sounds, facts=facts)
        verdict = "rejected" if words else "empty"
        return Transcript("", 0.0, (text,) if text else (), verdict, NAME, self._language, facts=facts)

    def stream_ended(self, stream: PocketsphinxStream) -> None:
        """A live utterance is over: its mean is where the next one begins."""
        if stream is self._stream:
            self._stream = None
        self._mean = self._ready().get_cmn(update=False)

    def close(self) -> None:
        """Give everything back."""
        self._stream = None
        self._decoder = None

    def probe(self) -> Probe:
        """A quick real check."""
        try:
            model_folder()
        except Missing as missing:
            return Probe("problem", missing.sentence, missing.hint)
        return Probe("ok", "English commands, on this machine")

    def _ready(self) -> Decoder:
        if self._decoder is None:
            raise EngineFailed("stt.no_grammar", "The recogniser has not been given any sentences yet.")
        return self._decoder
