"""How the same word sounds in other accents than the lexicon's American one.

In: an American pronunciation. Out: further ones, each consistent in itself. The rules are the differences that
Wells, "Accents of English" (1982), names for the largest groups of speakers; the model was trained on American
speech, so without them "pasta" is heard where a Londoner says "faster".
"""

from __future__ import annotations

from collections.abc import Sequence

_VOWELS = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])


def spoken_ways(american: Sequence[str]) -> tuple[str, ...]:
    """The given pronunciations, then those of the South and of the Midlands of England."""
    ways = list(american)
    for phones in american:
        southern = _southern_england(phones.split())
        ways += [" ".join(southern), " ".join(_midland_england(southern))]
    return tuple(dict.fromkeys(ways))


def _southern_england(phones: Sequence[str]) -> list[str]:
    """R only before vowels ("timer" ends in a schwa), and the rounded vowel of LOT."""
    said: list[str] = []
    for phone, following in zip(phones, [*phones[1:], ""], strict=True):
        if phone == "R" and following not in _VOWELS and said and said[-1] in _VOWELS:
            continue
        if phone == "ER":
            said += ["AH", "R"] if following in _VOWELS else ["AH"]
        else:
            said.append("AO" if phone == "AA" and following != "R" else phone)
    return said


def _midland_england(phones: Sequence[str]) -> list[str]:
    """PRICE with the vowel of CHOICE, FACE without its glide, STRUT like FOOT, and no H at the beginning."""
    moved = {"AY": "OY", "EY": "EH", "AH": "UH"}
    said = [moved.get(phone, phone) for phone in phones]
    if phones[-1] == "AH":  # the schwa at the end of "timer" stays
        said[-1] = "AH"
    return said[1:] if len(said) > 1 and said[0] == "HH" else said
