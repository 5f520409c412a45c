"""The stop phrase: "stop" said on its own, told from all other speech.

In: sound, while Vesper speaks or a timer rings. Out: the phrase that was heard. The stop phrases compete with a loop
over all phones, which explains any other sound; a phrase counts only when silence lies around it, so that "stop" in
the middle of a sentence does nothing. (pocketsphinx's own keyword search heard "stop" from 4 of 8 synthetic voices at
one false alarm a minute; this one from 6 of 8, with none or one in 7 minutes of conversation.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from vesper.engines.stt_pocketsphinx.accents import spoken_ways
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
from vesper.ports.audio import SAMPLE_RATE, Samples
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
# Chosen on synthetic voices and recorded conversation: single words are mistaken more easily than phrases.
_PHONE_PROBABILITY = 1e-16
_WORD_PROBABILITY = 1e-2
# The mean that the sound of a quiet room settles at after some utterances. With the model's generic one (40, 3, -1)
# the first two or three words said to a fresh detector went unheard.
_USUAL_MEAN = "38,-13,-6.3,-7,-10,-3.5,-1.5,0,0,0,0,0,0"
_SILENT = "<sil>"
# Frames of 10 ms.
_SILENT_BEFORE = 8
_SILENT_BEHIND = 20
_LONG_SILENCE = 80
_SHORTEST_STRETCH = 150
_LONGEST_STRETCH = 800
_CHUNK = SAMPLE_RATE // 10


class StopPhraseStream:
    """Sound being listened to. It is decoded in stretches, so that the decoder never holds more than 8 s."""

    REMOTE = True
    ONE_WAY = ("feed", "cancel")

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._noise = FaintNoise()
        self._waiting = np.zeros(0, dtype=np.float32)
        self._frames = 0
        self._heard: str | None = None
        self._is_open = True
        decoder.start_utt()

    def feed(self, samples: Samples) -> None:
        """More sound, 16 kHz mono."""
        self._waiting = np.concatenate([self._waiting, samples])
        while self._is_open and len(self._waiting) >= _CHUNK:
            chunk, self._waiting = self._waiting[:_CHUNK], self._waiting[_CHUNK:]
            self._decode(chunk)

    def heard(self) -> str | None:
        """The first stop phrase that was heard in what was fed, or None."""
        return self._heard

    def cancel(self) -> None:
        """Throw the sound away."""
        if self._is_open:
            self._is_open = False
            self._decoder.end_utt()

    def _decode(self, chunk: Samples) -> None:
        self._decoder.process_raw(self._noise.over(chunk))
        self._frames += len(chunk) * 100 // SAMPLE_RATE
        heard = segments(self._decoder)
        self._heard = self._heard or stop_phrase(heard)
        is_long_silence = bool(heard) and heard[-1].word == _SILENT and heard[-1].frames > _LONG_SILENCE
        if self._frames > _LONGEST_STRETCH or (self._frames > _SHORTEST_STRETCH and is_long_silence):
            self._decoder.end_utt()
            self._decoder.start_utt()
            self._frames = 0


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
        decoder.set_cmn(_USUAL_MEAN)
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
        """A quick real check: the model is there. Raises nothing."""
        folder = model_folder()
        return Probe("ok" if folder.is_dir() else "problem", "stop phrases in English")


def stop_phrase(heard: Sequence[Segment]) -> str | None:
    """The stop phrase that `heard` ends with, if silence lies before and behind it; else None."""
    if not heard or heard[-1].word != _SILENT or heard[-1].frames < _SILENT_BEHIND:
        return None
    words: list[str] = []
    before = _SILENT_BEFORE  # at the beginning of a stretch nothing was said before
    for segment in reversed(heard[:-1]):
        if segment.word == _SILENT or segment.word.startswith(("_", "[")):
            before = segment.frames if segment.word == _SILENT else 0
            break
        words.insert(0, segment.word)
    phrase = " ".join(words)
    return phrase if phrase in PHRASES and before >= _SILENT_BEFORE else None


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
