"""The stop phrase: "stop" said on its own, told from all other speech.

In: sound, while Vesper speaks or a timer rings. Out: the phrase that was heard. Only a short burst of sound with quiet
around it is looked at (`bursts.py`), so that "stop" in the middle of a sentence does nothing. Each burst is decoded as
a whole, normalised by its own level and mean: the first word to a fresh detector is heard like every other. The
phrases compete with a loop over all phones, which explains any other sound. Figures: docs/figures.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from vesper.base.errors import Missing
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

PHRASES = (
    "stop", "stop it", "stop talking", "vesper stop", "be quiet", "quiet", "silence", "shut up", "enough",
    "that's enough", "cancel",
)  # fmt: skip

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


class StopPhraseStream:
    """Sound being listened to."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._bursts = Bursts()
        self._heard: str | None = None
        self._is_open = True

    def feed(self, samples: Samples) -> None:
        """More sound, 16 kHz mono."""
        for burst in self._bursts.feed(samples) if self._is_open else ():
            self._heard = self._heard or stop_phrase(self._decoded(burst))

    def heard(self) -> str | None:
        """The first stop phrase that was heard in what was fed, or None."""
        return self._heard

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
    """Hears a stop phrase in English with what comes in pocketsphinx's wheel."""

    def __init__(self) -> None:
        self._decoder: Decoder | None = None
        self._stream: StopPhraseStream | None = None

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["phrases"]` are the words it stops at."""
        return EngineInfo("pocketsphinx", languages=("en",), facts={"phrases": PHRASES})

    def open(self) -> None:
        """Load the model and the phrases. Raises Missing."""
        words = {word for phrase in PHRASES for word in phrase.split()}
        known = pronunciations(words, model_folder() / LEXICON)
        entries = {word: spoken_ways(found.phones) for word, found in known.items()}
        decoder = make_decoder(entries | {_loop_word(phone): (phone,) for phone in _PHONES})
        steps = [*_phone_loop(), *_phrase_paths(), (0, 1, 1.0)]
        decoder.add_fsg(_GRAPH, decoder.create_fsg(_GRAPH, 0, 1, steps))
        decoder.activate_search(_GRAPH)
        self._decoder = decoder

    def start(self) -> StopPhraseStream:
        """Begin to listen; an earlier stream is thrown away."""
        if self._decoder is None:
            self.open()
        assert self._decoder is not None
        if self._stream is not None:
            self._stream.cancel()
        self._stream = StopPhraseStream(self._decoder)
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
        return Probe("ok" if (folder / LEXICON).is_file() else "problem", "stop phrases in English")


def stop_phrase(heard: Sequence[Segment]) -> str | None:
    """The stop phrase, if the burst `heard` is nothing else; else None."""
    phrase = " ".join(segment.word for segment in heard if segment.word != _SILENT)
    return phrase if phrase in PHRASES else None


def _loop_word(phone: str) -> str:
    return f"_{phone.lower()}"


def _phone_loop() -> Iterator[Transition]:
    yield from ((0, 0, _PHONE_PROBABILITY, _loop_word(phone)) for phone in _PHONES)


def _phrase_paths() -> Iterator[Transition]:
    free = 2
    for phrase in PHRASES:
        words = phrase.split()
        behind = [*range(free, free + len(words) - 1), 0]
        free += len(words) - 1
        here = 0
        for word, onward in zip(words, behind, strict=True):
            yield (here, onward, _WORD_PROBABILITY if len(words) == 1 else 1.0, word)
            here = onward
