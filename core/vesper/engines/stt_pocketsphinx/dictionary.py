"""The words a decoder is given, with all the ways in which they may sound, those of a wake phrase in front included.

In: words and wake phrases. Out: entries for the decoder's dictionary, and how a sentence of those words sounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vesper.engines.stt_pocketsphinx.accents import spoken_ways
from vesper.engines.stt_pocketsphinx.decoder import LEXICON, model_folder
from vesper.engines.stt_pocketsphinx.graph import FRAGMENT_MARK, PREFIX_MARK
from vesper.engines.stt_pocketsphinx.lexicon import Pronunciation, pronunciations


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`known` has the pronunciations found for each word, `entries` what the decoder gets."""

    known: Mapping[str, Pronunciation]
    entries: Mapping[str, Sequence[str]]

    def sounds(self, words: Sequence[str]) -> tuple[str, ...]:
        """The phones of a sentence, each word as it is usually said."""
        return tuple(phone for word in words if word in self.known for phone in self.known[word].phones[0].split())


def dictionary(words: Collection[str], prefixes: Sequence[str]) -> Dictionary:
    """Look up, or guess, how the words and those of the wake phrases `prefixes` sound."""
    in_prefixes = {word for prefix in prefixes for word in prefix.split()}
    known = pronunciations({*words, *in_prefixes}, model_folder() / LEXICON)
    ways = {word: spoken_ways(found.phones) for word, found in known.items()}
    plain = {word: ways[word] for word in words if word in ways}
    return Dictionary(known, plain | _prefix_entries(in_prefixes & ways.keys(), ways))


def _prefix_entries(words: Collection[str], ways: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The marked words of the wake phrases.

    Sound that was cut inside a word begins with any rest of it, down to its last phone.
    """
    entries: dict[str, Sequence[str]] = {}
    for word in words:
        entries[PREFIX_MARK + word] = ways[word]
        rests = {" ".join(way.split()[cut:]) for way in ways[word] for cut in range(1, len(way.split()))}
        if rests:
            entries[FRAGMENT_MARK + word] = sorted(rests)
    return entries
