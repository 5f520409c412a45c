"""pocketsphinx itself, made ready: the model of its wheel, a dictionary of few words, typed for the rest of us.

In: pronunciations. Out: a `Decoder`. Everything that knows the library's ways is here: its options, its need for
noise, its encoding of sound.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from vesper.base.errors import Missing
from vesper.engines.stt_pocketsphinx.graph import Transition, plain_words
from vesper.ports.audio import SAMPLE_RATE, Samples

LEXICON = "cmudict-en-us.dict"
"""The wheel's pronunciations, in its model folder."""

LEAD_S = 0.1
"""Faint noise put before and behind every utterance, so that its first and last sounds have a background.

With 0.05 to 0.25 s as much was right; every tenth of a second is decoded twice in each answer's delay.
"""

# The pass over the lattice after an utterance loses final words (80 instead of 86 of 100 sentences right) and takes
# longer than all the rest. Beams are wider than the default because the graph's weights count more (graph.py).
_OPTIONS: Mapping[str, Any] = {"lm": None, "bestpath": False, "beam": 1e-64, "pbeam": 1e-64, "wbeam": 1e-45}

# Exact zeros break the features (accuracy fell from 89 % to 29 %); noise at -60 dBFS repairs them.
_NOISE_RMS = 1e-3


@dataclass(frozen=True, slots=True)
class Segment:
    """One word (or silence) of the best path and how many frames of 10 ms it lasted."""

    word: str
    frames: int


class Hypothesis(Protocol):
    """What the decoder believes it heard."""

    @property
    def hypstr(self) -> str:
        """The words, separated by spaces."""
        ...


class Decoder(Protocol):
    """The part of `pocketsphinx.Decoder` that is used here; 5.0.4 and 5.1.1 both have it."""

    def start_utt(self) -> None:
        """Begin an utterance."""
        ...

    def process_raw(self, data: bytes, no_search: bool = False, full_utt: bool = False) -> int:
        """Decode 16-bit PCM; `full_utt` says that it is the whole utterance, normalised by its own mean."""
        ...

    def end_utt(self) -> None:
        """End the utterance: only now the best path prefers a final state."""
        ...

    def hyp(self) -> Hypothesis | None:
        """The best path so far."""
        ...

    def nbest(self) -> Iterator[Hypothesis | None]:
        """The best path and the next ones, without end as long as there are more."""
        ...

    def seg(self) -> Iterator[Any]:
        """Its words with their frames."""
        ...

    def lookup_word(self, word: str) -> str | None:
        """The phones of a word."""
        ...

    def get_cmn(self, update: bool = False) -> str:
        """The mean that sound is normalised by."""
        ...

    def set_cmn(self, cmn: str) -> None:
        """Begin with this mean."""
        ...

    def create_fsg(self, name: str, start_state: int, final_state: int, transitions: Sequence[Transition]) -> Any:
        """A graph from transitions."""
        ...

    def add_fsg(self, name: str, fsg: Any) -> None:
        """Make the graph known."""
        ...

    def activate_search(self, search_name: str) -> None:
        """Decode with it from now on."""
        ...


def heard_words(decoder: Decoder) -> list[str]:
    """The words of the best path, as people write them; none where nothing was heard."""
    hypothesis = decoder.hyp()
    return plain_words(hypothesis.hypstr) if hypothesis else []


def other_words(decoder: Decoder, most: int) -> Iterator[list[str]]:
    """The words of the best paths of an utterance that has ended, at most so many paths; the same words come again."""
    for hypothesis in islice(decoder.nbest(), most):
        if hypothesis is None:
            return
        yield plain_words(hypothesis.hypstr)


def decode_whole(decoder: Decoder, samples: Samples) -> None:
    """Decode a whole utterance at once, normalised by its own mean."""
    noise = FaintNoise()
    decoder.start_utt()
    decoder.process_raw(noise.alone() + noise.over(samples) + noise.alone(), full_utt=True)
    decoder.end_utt()


def segments(decoder: Decoder) -> list[Segment]:
    """The best path so far, word by word, without variant numbers and empty moves."""
    if decoder.hyp() is None:
        return []
    found = ((str(part.word).partition("(")[0], part.end_frame - part.start_frame) for part in decoder.seg())
    return [Segment(word, frames) for word, frames in found if word]


class FaintNoise:
    """The same faint noise every time, so that equal sound gives equal words."""

    def __init__(self) -> None:
        self._source = np.random.default_rng(20)

    def over(self, samples: Samples) -> bytes:
        """The samples with noise over them, as 16-bit PCM."""
        noisy = samples + self._source.standard_normal(len(samples), dtype=np.float32) * _NOISE_RMS
        return (np.clip(noisy, -1.0, 1.0) * 32767).astype("<i2").tobytes()

    def alone(self, seconds: float = LEAD_S) -> bytes:
        """Noise where there is no sound."""
        return self.over(np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32))


def model_folder() -> Path:
    """Where the wheel's English model lies. Raises Missing."""
    try:
        import pocketsphinx
    except ImportError as error:
        raise Missing(
            "stt.missing", "The built-in recogniser is not installed.", "Run the installer's setup again."
        ) from error
    return Path(cast("Any", pocketsphinx).get_model_path("en-us"))


def make_decoder(entries: Mapping[str, Sequence[str]], **options: Any) -> Decoder:
    """A decoder whose dictionary holds these words (word to its pronunciations) and no others.

    `options` are pocketsphinx's own (beams, weights, a language model).
    """
    import pocketsphinx

    folder = model_folder()
    with tempfile.TemporaryDirectory(prefix="vesper-") as scratch:
        dictionary = Path(scratch) / "words.dict"
        dictionary.write_text(_dictionary(entries), encoding="utf-8")
        made: Decoder = cast("Any", pocketsphinx).Decoder(
            hmm=str(folder / "en-us"), dict=str(dictionary), loglevel="FATAL", **{**_OPTIONS, **options}
        )
    return made


def _dictionary(entries: Mapping[str, Sequence[str]]) -> str:
    lines: list[str] = []
    for word, variants in sorted(entries.items()):
        for number, phones in enumerate(variants, start=1):
            lines.append(f"{word} {phones}" if number == 1 else f"{word}({number}) {phones}")
    return "\n".join(lines) + "\n"
