"""The stop phrase: "stop" and a few others said on their own, told from all other speech.

In: phrases, and sound while Vesper speaks or a timer rings. Out: the phrase that was heard. Only a short burst of
sound with quiet around it is looked at (`bursts.py`), so that "stop" in the middle of a sentence does nothing. Each
burst is decoded as a whole, normalised by its own level and mean: the first word to a fresh detector is heard like
every other. The phrases compete with a loop over all phones, which explains any other sound. Figures: docs/figures.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import ClassVar

import numpy as np

from vesper.base.errors import EngineFailed, Missing
from vesper.engines.stt_pocketsphinx.accents import spoken_ways
from vesper.engines.stt_pocketsphinx.bursts import Bursts
from vesper.engines.stt_pocketsphinx.decoder import (
    LEXICON,
    Decoder,
    FaintNoise,
    Segment,
    make_decoder,
    model_folder,
    segments,
)
from vesper.engines.stt_pocketsphinx.graph import Transition
from vesper.engines.stt_pocketsphinx.lexicon import pronunciations
from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe

_GRAPH = "stop"
_PHONES = re.findall(
    r"\w+",
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH",
)
# Chosen on 15 synthetic voices saying the phrases, and words that rhyme with them: at 1e-16 a fifth more of those are
# taken for a phrase, at 1e-12 5 % fewer phrases are heard.
_PHONE_PROBABILITY = 1e-14
_WORD_PROBABILITY = 1e-2
# The loudest sample of what is decoded. At 0.1 the noise under soft speech hid "stop", at 0.3 "cancel" was lost.
_PEAK = 0.15
_SILENT = "<sil>"
_LOOP_MARK = "_"
_LONG_PHRASE = 3


class StopPhraseStream:
    """Sound being listened to."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, decoder: Decoder, phrases: Collection[str]) -> None:
        self._decoder = decoder
        self._phrases = phrases
        self._bursts = Bursts()
        self._heard: str | None = None
        self._is_open = True

    def feed(self, samples: Samples) -> None:
        """More sound, 16 kHz mono."""
        for burst in self._bursts.feed(samples) if self._is_open else ():
            self._heard = phrase_of(self._decoded(burst), self._phrases) or self._heard

    def heard(self) -> str | None:
        """The last phrase that was heard in what was fed since the last call, or None."""
        heard, self._heard = self._heard, None
        return heard

    def cancel(self) -> None:
        """Throw the sound away."""
        self._is_open = False

    def _decoded(self, burst: Samples) -> list[Segment]:
        level = _PEAK / max(float(np.abs(burst).max()), 1e-6)
        self._decoder.start_utt()
        self._decoder.process_raw(FaintNoise().over(burst * np.float32(level)), full_utt=True)
        self._decoder.end_utt()
        return segments(self._decoder)


class PocketsphinxStopPhrase:
    """Hears short phrases in English with what comes in pocketsphinx's wheel."""

    STICKY: ClassVar[tuple[str, ...]] = ("load",)

    def __init__(self) -> None:
        self._decoder: Decoder | None = None
        self._phrases: frozenset[str] = frozenset()
        self._stream: StopPhraseStream | None = None

    @property
    def info(self) -> EngineInfo:
        """Name and languages."""
        return EngineInfo("pocketsphinx", languages=("en",))

    def open(self) -> None:
        """Check that the model is there. Raises Missing."""
        model_folder()

    def load(self, phrases: Sequence[str]) -> None:
        """Listen for these phrases from the next stream on; one with a word that the lexicon lacks is left out."""
        known = pronunciations({word for phrase in phrases for word in phrase.split()}, model_folder() / LEXICON)
        audible = [phrase for phrase in phrases if known.keys() >= set(phrase.split())]
        entries = {word: spoken_ways(found.phones) for word, found in known.items()}
        decoder = make_decoder(entries | {_loop_word(phone): (phone,) for phone in _PHONES})
        steps = [*_phone_loop(), *_phrase_paths(audible), (0, 1, 1.0)]
        decoder.add_fsg(_GRAPH, decoder.create_fsg(_GRAPH, 0, 1, steps))
        decoder.activate_search(_GRAPH)
        self._decoder, self._phrases = decoder, frozenset(audible)

    def start(self) -> StopPhraseStream:
        """Begin to listen; an earlier stream is thrown away. Raises EngineFailed where nothing was loaded."""
        if self._decoder is None:
            raise EngineFailed("stop.no_phrases", "The stop phrase has not been given any phrases yet.")
        if self._stream is not None:
            self._stream.cancel()
        self._stream = StopPhraseStream(self._decoder, self._phrases)
        return self._stream

    def close(self) -> None:
        """Give everything back."""
        self._stream = None
        self._decoder = None

    def probe(self) -> Probe:
        """A quick real check: the model is there."""
        try:
            folder = model_folder()
        except Missing as missing:
            return Probe("problem", missing.sentence, missing.hint)
        return Probe("ok" if (folder / LEXICON).is_file() else "problem", "short phrases in English")


def phrase_of(heard: Sequence[Segment], phrases: Collection[str]) -> str | None:
    """The one of the phrases that the burst `heard` is, if it is nothing else; else None.

    A long phrase may have one more sound at either end: nothing else is as long and as much like it.
    """
    words = [segment.word for segment in heard if segment.word != _SILENT]
    phrase = " ".join(words)
    inner = [word for word in words if not word.startswith(_LOOP_MARK)]
    if len(inner) >= _LONG_PHRASE and words in ([words[0], *inner], [*inner, words[-1]]):
        phrase = " ".join(inner)
    return phrase if phrase in phrases else None


def _loop_word(phone: str) -> str:
    return f"{_LOOP_MARK}{phone.lower()}"


def _phone_loop() -> Iterator[Transition]:
    yield from ((0, 0, _PHONE_PROBABILITY, _loop_word(phone)) for phone in _PHONES)


def _phrase_paths(phrases: Sequence[str]) -> Iterator[Transition]:
    free = 2
    for phrase in phrases:
        words = phrase.split()
        behind = [*range(free, free + len(words) - 1), 0]
        free += len(words) - 1
        here = 0
        for word, onward in zip(words, behind, strict=True):
            yield (here, onward, _WORD_PROBABILITY if len(words) == 1 else 1.0, word)
            here = onward
