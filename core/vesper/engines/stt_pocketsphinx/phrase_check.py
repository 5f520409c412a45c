"""A second look at a wake phrase: do the sounds of the phrase fit the second and a half in which it was noticed?

In: the buffered sound and a phrase. Out: yes or no. The phrase competes with a loop over all phones, which explains
any other sound, and with the words that are known to be taken for it ("athena" for "okay nabu"). The model was
trained on people, so it says something that the small wake model does not know: of 28 pieces of other speech that
this one took for "okay nabu" none passes, of the real phrases all do, at 5 dB too (docs/decisions/0010).

The sound is decoded in slices of a tenth of a second: pocketsphinx holds Python's lock while it works, and the
window must not stand still for as long as a whole look takes (70 ms).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from vesper.base.errors import Missing, WrongUsage
from vesper.engines.stt_pocketsphinx.decoder import (
    LEXICON,
    Decoder,
    FaintNoise,
    make_decoder,
    model_folder,
    segments,
)
from vesper.engines.stt_pocketsphinx.graph import Transition
from vesper.engines.stt_pocketsphinx.lexicon import pronunciations
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.engine import EngineInfo, Probe

# What the wake models were seen to take for a phrase.
CONFUSED_WITH: Mapping[str, tuple[str, ...]] = {
    "okay nabu": ("athena", "what can you do"),
    "hey jarvis": ("jarvis",),
}

_PHONES = re.findall(
    r"\w+",
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH",
)
# At 1e-8 a third of the real phrases are lost at 5 dB, at 1e-16 a tenth of the other speech passes.
_PHONE_PROBABILITY = 1e-12
_BEAMS = {"beam": 1e-30, "pbeam": 1e-30, "wbeam": 1e-20}  # two thirds of the time of the default, the same answers
_PEAK = 0.2
_SLICE_BYTES = 2 * SAMPLE_RATE // 10
_SILENT = "<sil>"
_MEAN_ONLY = "mean"


class PocketsphinxPhraseCheck:
    """Tells a phrase from other speech by its phones. English, with what comes in pocketsphinx's wheel."""

    def __init__(self) -> None:
        self._decoder: Decoder | None = None
        self._phrases: tuple[str, ...] = ()

    @property
    def info(self) -> EngineInfo:
        """Name; `facts["phrases"]` are those it was opened for."""
        return EngineInfo("pocketsphinx", languages=("en",), facts={"phrases": self._phrases})

    def open(self, phrases: Sequence[str] = ()) -> None:
        """Make one graph for each phrase. Raises Missing without the model."""
        self._phrases = tuple(phrases)
        words = {
            word for phrase in phrases for said in (phrase, *CONFUSED_WITH.get(phrase, ())) for word in said.split()
        }
        known = pronunciations(words, model_folder() / LEXICON)
        entries = {word: found.phones for word, found in known.items()}
        loop = {_loop_word(phone): (phone,) for phone in _PHONES}
        decoder = make_decoder(entries | loop, **_BEAMS)
        decoder.add_fsg(_MEAN_ONLY, decoder.create_fsg(_MEAN_ONLY, 0, 1, [(0, 1, 1.0)]))
        for phrase in self._phrases:
            decoder.add_fsg(phrase, decoder.create_fsg(phrase, 0, 1, list(_graph(phrase))))
        self._decoder = decoder

    def fits(self, phrase: str, samples: Samples) -> bool:
        """Whether `phrase` is in this sound of one to two seconds. Raises WrongUsage for one it was not opened for."""
        if self._decoder is None or phrase not in self._phrases:
            raise WrongUsage("wake.unknown_phrase", f'"{phrase}" cannot be looked at a second time.')
        level = _PEAK / max(float(np.abs(samples).max(initial=0.0)), 1e-6)
        heard = self._heard(phrase, FaintNoise().over(samples * np.float32(level)))
        words = phrase.split()
        return any(heard[at : at + len(words)] == words for at in range(len(heard)))

    def close(self) -> None:
        """Give the model back."""
        self._decoder = None
        self._phrases = ()

    def probe(self) -> Probe:
        """A quick real check: the model is there."""
        try:
            folder = model_folder()
        except Missing as missing:
            return Probe("problem", missing.sentence, missing.hint)
        return Probe("ok" if (folder / LEXICON).is_file() else "problem", "a second look at wake phrases")

    def _heard(self, phrase: str, pcm: bytes) -> list[str]:
        """The words of the best path. The first pass searches nothing: it measures the mean of the whole piece."""
        decoder = self._decoder
        assert decoder is not None
        decoder.activate_search(_MEAN_ONLY)
        decoder.start_utt()
        decoder.process_raw(pcm, full_utt=True)
        decoder.end_utt()
        decoder.activate_search(phrase)
        decoder.start_utt()
        for at in range(0, len(pcm), _SLICE_BYTES):
            decoder.process_raw(pcm[at : at + _SLICE_BYTES])
        decoder.end_utt()
        return [segment.word for segment in segments(decoder) if segment.word != _SILENT]


def _sayings(phrase: str) -> tuple[str, ...]:
    return (phrase, *CONFUSED_WITH.get(phrase, ()))


def _loop_word(phone: str) -> str:
    return f"_{phone.lower()}"


def _graph(phrase: str) -> Iterator[Transition]:
    """The phrase, what it is confused with, and any phones, in any order; ends in state 1."""
    yield from ((0, 0, _PHONE_PROBABILITY, _loop_word(phone)) for phone in _PHONES)
    yield (0, 1, 1.0)
    free = 2
    for said in _sayings(phrase):
        words = said.split()
        behind = [*range(free, free + len(words) - 1), 0]
        free += len(words) - 1
        here = 0
        for word, onward in zip(words, behind, strict=True):
            yield (here, onward, 1.0, word)
            here = onward
