"""The gatekeeper on pocketsphinx: the recogniser's sounds and words, with a trigram instead of the graph.

It runs in a child of its own, beside the recogniser: both decode the same utterance at the same time.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, cast

from vesper.base.errors import EngineFailed, Missing
from vesper.engines.stt_pocketsphinx.decoder import (
    LEXICON,
    Decoder,
    decode_whole,
    heard_words,
    make_decoder,
    model_folder,
    other_words,
)
from vesper.engines.stt_pocketsphinx.dictionary import Dictionary, dictionary
from vesper.engines.stt_pocketsphinx.letters import lexicon_words
from vesper.engines.stt_pocketsphinx.sentence_model import kept_model, words_of
from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.stt import Grammar, Transcript

NAME = "pocketsphinx"
_GENERAL_MODEL = "en-us.lm.bin"
_COMMON_WORDS = 3000
# The library's logarithms are to this base.
_LOG_BASE = math.log(1.0001)
# The library's own beams (the graph needs wider ones), and one pass instead of two: both take half as long again
# and reject no better.
_READINGS = 20
# Many paths differ in silence and in the wake phrase alone; the search for another one takes 0.2 ms.
_PATHS = 200
_OPTIONS: Mapping[str, Any] = {"beam": 1e-48, "pbeam": 1e-48, "wbeam": 7e-29, "fwdflat": False}


class PocketsphinxGatekeeper:
    """Hears English commands and what is between them, with what comes in pocketsphinx's wheel."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)
    DEADLINES: ClassVar[Mapping[str, float]] = {"load": 60.0}

    def __init__(self) -> None:
        self._decoder: Decoder | None = None
        self._dictionary = Dictionary({}, {})
        self._language = "en"

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        return EngineInfo(NAME, languages=("en",))

    def open(self) -> None:
        """Check that the model is there. Raises Missing."""
        model_folder()

    def load(self, grammar: Grammar) -> None:
        """Expect this grammar's sentences: a moment where their model is kept, else seconds. Raises EngineFailed."""
        with tempfile.TemporaryDirectory(prefix="vesper-") as scratch:
            model = _model(grammar, Path(scratch))
            words = [word for word in words_of(model) if word[0] != "_"]
            self._dictionary = dictionary(words, grammar.prefixes)
            self._decoder = make_decoder(self._dictionary.entries, lm=str(model), **_OPTIONS)
        self._language = grammar.language

    def recognise(self, samples: Samples) -> tuple[Transcript, ...]:
        """What may have been said, in any words, likeliest first; the wake phrase is left out."""
        if self._decoder is None:
            raise EngineFailed("stt.no_grammar", "The gatekeeper has not been given any sentences yet.")
        decode_whole(self._decoder, samples)
        if not heard_words(self._decoder):
            return ()
        readings = dict.fromkeys(tuple(words) for words in other_words(self._decoder, _PATHS))
        return tuple(self._reading(words) for words in islice(readings, _READINGS))

    def _reading(self, words: Sequence[str]) -> Transcript:
        sounds = self._dictionary.sounds(words)
        return Transcript(" ".join(words), engine=NAME, language=self._language, sounds=sounds)

    def close(self) -> None:
        """Give everything back."""
        self._decoder = None

    def probe(self) -> Probe:
        """A quick real check."""
        try:
            model_folder()
        except Missing as missing:
            return Probe("problem", missing.sentence, missing.hint)
        return Probe("ok", "a second opinion on English commands, on this machine")


def _model(grammar: Grammar, scratch: Path) -> Path:
    """The grammar's trigram, kept where that is possible."""
    for folder in (Path(grammar.cache) if grammar.cache else scratch, scratch):
        with suppress(OSError):
            return kept_model(grammar, folder, common_words)
    raise EngineFailed("stt.no_room", "There is no room for what the recogniser needs.", "Make room on the disk.")


def common_words() -> dict[str, float]:
    """The commonest English words, each with its probability, from the general model in pocketsphinx's wheel."""
    import pocketsphinx

    folder = model_folder()
    general = cast("Any", pocketsphinx).NGramModel.readfile(str(folder / _GENERAL_MODEL))
    words = {word for word, _ in lexicon_words(folder / LEXICON)}
    likely = sorted(((general.prob([word]), word) for word in words), reverse=True)[:_COMMON_WORDS]
    return {word: math.exp(weight * _LOG_BASE) for weight, word in likely}
