"""The spoken copy of an answer: what is written is rewritten to what a voice should say. The shown text stays.

The order matters: structure first, then what contains marks of other things (addresses, phone numbers, dates),
then money, percent, units, abbreviations, acronyms, and plain numbers last. Plain numbers are mostly left to the
voice, which knows its language; only what voices say wrongly is rewritten. Words are language data (`speech.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vesper.base.language import LanguagePack
from vesper.voice.spoken_markup import without_markup
from vesper.voice.spoken_quantities import SpokenQuantities

_MAIL = re.compile(r"(?<![\w.])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_URL = re.compile(
    r"<?(?:https?://|www\.)(?:www\.)?([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})(?::\d{1,5})?(?:[/?#](?:[^\s<>()]*[^\s<>().,;:!?'\"])?)?>?"
)
_PHONE = re.compile(r"(?<![\w.,+-])(\+\d{1,3}[ -]?)?(\(\d{2,5}\)[ -]?)?\d{2,5}(?:[ -]\d{2,5}){1,4}(?![\w,-]|\.\d)")
_LOCAL_NUMBER = re.compile(r"\d{3}-\d{4}")
_CAPITALS = re.compile(r"(?<![\w'’])([A-Z]{2,5})(s?)(?![\w'’]|\.\w)")
_SPACES = re.compile(r"[ \t\f\v\u00a0\u202f\u2009]+")
_DOTTED = re.compile(r"[ ]*(?:…|\.{2,})")
_QUOTES = re.compile(r"[\"“”„«»]")
_LOOSE_MARKS = re.compile(r"(?<!\S)[-–—*_|/\\~^<>{}\[\]#]+(?!\S)|[`|\\^{}\[\]~]|[*_]{2,}")
_DASH = re.compile(r"\s+[–—-]+\s+|(?<=[^\W\d])—(?=[^\W\d])")
_CAMEL_JOIN = re.compile(r"(?<=\w)[_/](?=\w)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FEW_DIGITS, _MANY_DIGITS = 7, 15


class SpokenText:
    """Rewrites text for one language's voice."""

    def __init__(self, pack: LanguagePack) -> None:
        words = pack.section("speech", "words")
        self._word = {name: str(word) for name, word in words.items()}
        self._quantities = SpokenQuantities(pack)
        self._abbreviations = {str(k): str(v) for k, v in pack.section("speech", "abbreviations").items()}
        self._acronym_words = frozenset(pack.entries("speech", "acronym_words"))
        known = "|".join(re.escape(short) for short in sorted(self._abbreviations, key=len, reverse=True))
        self._abbreviation = re.compile(rf"(?<![\w.])(?:{known or '(?!)'})(?!\w)")

    @property
    def abbreviations(self) -> frozenset[str]:
        """Short forms whose full stop ends no sentence ("Dr.")."""
        return frozenset(self._abbreviations)

    def of(self, text: str) -> str:
        """What to say for `text`: one line, without anything made for the eye; "" when nothing is left."""
        steps: tuple[Callable[[str], str], ...] = (
            self._without_markup,
            self._addresses,
            self._phone_numbers,
            self._quantities.of,
            self._short_forms,
            self._capitals,
            self._symbols,
            _tidy,
        )
        for step in steps:
            text = step(text)
        return text

    def _without_markup(self, text: str) -> str:
        """One line with single spaces: what follows may look for marks between words in linear time."""
        plain = without_markup(_CONTROL.sub(" ", text), code=self._word.get("code", ""))
        return _SPACES.sub(" ", _one_line(plain))

    def _addresses(self, text: str) -> str:
        text = _MAIL.sub(lambda found: self._address(found[0]), text)
        return _URL.sub(lambda found: self._address(found[1]), text)

    def _address(self, address: str) -> str:
        dot, at = self._word.get("dot", "."), self._word.get("at", "@")
        return address.replace(".", f" {dot} ").replace("@", f" {at} ")

    def _phone_numbers(self, text: str) -> str:
        return _PHONE.sub(self._phone_number, text)

    def _phone_number(self, found: re.Match[str]) -> str:
        """Digit by digit with a pause between groups; other numbers in a row stay as they are."""
        groups = re.findall(r"\d+", found[0])
        digits = sum(map(len, groups))
        is_marked = bool(found[1] or found[2] or _LOCAL_NUMBER.fullmatch(found[0]))
        is_likely = len(groups) >= 3 and max(map(len, groups)) >= 3 and sorted(map(len, groups)) != [2, 2, 4]
        if not (is_marked or is_likely) or not _FEW_DIGITS <= digits <= _MANY_DIGITS:
            return found[0]
        plus = f"{self._word.get('plus', '+')} " if found[1] else ""
        return plus + ", ".join(" ".join(group) for group in groups)

    def _short_forms(self, text: str) -> str:
        return self._abbreviation.sub(self._short_form, text)

    def _short_form(self, found: re.Match[str]) -> str:
        """The long form; a short form's full stop may have ended the sentence too."""
        long = self._abbreviations[found[0]]
        ends_text = found[0].endswith(".") and found.string[found.end() :].lstrip(" )\"'”") == ""
        return f"{long}." if ends_text else long

    def _capitals(self, text: str) -> str:
        return _CAPITALS.sub(self._acronym, text)

    def _acronym(self, found: re.Match[str]) -> str:
        letters, plural = found.groups()
        has_vowel = any(letter in "AEIOUY" for letter in letters)
        if letters in self._acronym_words or (len(letters) > 3 and has_vowel):
            return found[0].lower()
        return " ".join(letters) + plural

    def _symbols(self, text: str) -> str:
        word = self._word
        text = re.sub(r"(?<=\d)\s*[×*]\s*(?=\d)", f" {word.get('times', '')} ", text)
        text = re.sub(r"(?<=\d)\s*÷\s*(?=\d)|(?<=\d) / (?=\d)", f" {word.get('divided', '')} ", text)
        text = re.sub(r"(?<=\w)\s*\+\s*(?=\d)", f" {word.get('plus', '')} ", text)
        text = re.sub(r"(?<=\d) [-−] (?=\d)|(?:(?<=\s)|(?<=^)|(?<=\())[-−](?=\d)", f" {word.get('minus', '')} ", text)
        text = re.sub(r"\s*=\s*(?=\S)", f" {word.get('equals', '')} ", text)
        text = re.sub(r"[~≈](?=\d)", f"{word.get('about', '')} ", text)
        text = re.sub(r"#(?=\d)", f"{word.get('number', '')} ", text)
        text = re.sub(r"\s*(?:→|⇒|->)\s*", f" {word.get('to', '')} ", text)
        return re.sub(r"\s*&\s*", f" {word.get('and', '')} ", text)


def _tidy(text: str) -> str:
    """One line, single spaces, pauses where marks stood that no voice can say."""
    text = _DOTTED.sub(".", _QUOTES.sub("", text))
    text = _LOOSE_MARKS.sub(" ", _CAMEL_JOIN.sub(" ", _DASH.sub(", ", text)))
    text = _SPACES.sub(" ", text.replace("*", ""))
    text = re.sub(r" +(?=[.,;:!?](?:\s|$))", "", text)
    return text.strip() if any(map(str.isalnum, text)) else ""


def _one_line(text: str) -> str:
    """Lines become sentences, where they do not end like one already."""
    lines = [line for part in text.splitlines() if (line := part.strip())]
    closed = [line if line[-1] in ".,;:!?" else f"{line}." for line in lines[:-1]]
    return " ".join([*closed, *lines[-1:]])
