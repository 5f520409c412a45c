"""Language packs: everything Vesper understands and says in one language, as data under resources/languages/<code>.

A pack is a folder of YAML files. A file with `intents` belongs to the skill of its name and holds what that skill
hears and answers:

    intents:                      # intent name: blocks of sentence templates (hassil syntax)
      timer.set:
        - sentences: ["set [a] timer for {duration}"]
          slots: {which: all}     # slot values that these sentences imply (optional)
          minus: [offset]         # slots whose value counts as negative (optional)
    lists:                        # what may stand in {braces}; see understanding/templates.py for the kinds
    rules:                        # what may stand in <brackets>
    examples: {timer.set: ["set a timer for five minutes"]}
    answers: {set: "Your timer is set for {length}."}

A file without `intents` holds data of one part of Vesper (`shared`, `numbers`, `times`, `speech`). Lists and rules
of all files share one name space. An answer is a text or a list of equal variants, said in turn; `{count}` is
replaced by a value, `{count:timer|timers}` by the word that fits the count.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from vesper.base.errors import BadInput, Missing
from vesper.base.paths import bundled

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


class LanguagePack:
    """One language: `code` is ISO 639-1, `files` the content of its YAML files by name."""

    def __init__(self, code: str, files: Mapping[str, Mapping[str, Any]]) -> None:
        self.code = code
        self.files = files

    @property
    def skill_names(self) -> tuple[str, ...]:
        """The skills that have words in this language, in alphabetical order."""
        return tuple(sorted(name for name, content in self.files.items() if "intents" in content))

    def section(self, file: str, key: str) -> Mapping[str, Any]:
        """One mapping of one file; empty when the file or the key is not there."""
        return cast("Mapping[str, Any]", self.files.get(file, {}).get(key, {}))

    def entries(self, file: str, key: str) -> tuple[str, ...]:
        """One list of texts of one file; empty when it is not there."""
        return tuple(str(entry) for entry in self.files.get(file, {}).get(key, ()))

    def merged(self, key: str) -> dict[str, Any]:
        """A mapping that all files share (`lists`, `rules`, `examples`, `intents`).

        Raises BadInput when two files define the same name.
        """
        found: dict[str, Any] = {}
        for name in sorted(self.files):
            for entry, value in self.section(name, key).items():
                if entry in found:
                    sentence = f'The language "{self.code}" defines "{entry}" twice under "{key}".'
                    raise BadInput("language.twice", sentence, f"Rename it in {name}.yaml.")
                found[entry] = value
        return found


@cache
def load_language(code: str) -> LanguagePack:
    """The pack of a language, read once. Raises Missing for a language Vesper does not have."""
    folder = bundled("resources/languages") / code
    if not code.isalpha() or not folder.is_dir():
        raise Missing("language.missing", f'Vesper does not know the language "{code}".', "Choose another one.")
    return LanguagePack(code, {path.stem: _read(path.read_text("utf-8"), path.name) for path in folder.glob("*.yaml")})


def _read(text: str, name: str) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times as quick, and not everywhere
    try:
        content = yaml.load(text, Loader=loader)  # both are safe loaders
    except yaml.YAMLError as error:
        raise BadInput("language.damaged", f"The language file {name} cannot be read.", str(error)) from error
    if not isinstance(content, Mapping):
        raise BadInput("language.damaged", f"The language file {name} holds no mapping.")
    return cast("Mapping[str, Any]", content)


class _Sentence(string.Formatter):
    """Fills values in; "{count:timer|timers}" picks a word by the count: the first for one, the last for others."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            words = format_spec.split("|")
            return words[0] if value == 1 else words[-1]
        return super().format_field(value, format_spec)


class Phrases:
    """What one skill says in one language: answers with values, durations, lists, times and dates in words."""

    def __init__(self, pack: LanguagePack, skill: str) -> None:
        self._pack = pack
        self._skill = skill
        self._answers = pack.section(skill, "answers")
        self._said: dict[str, int] = {}

    def say(self, key: str, **values: Any) -> str:
        """The answer `key` with its values filled in; of several variants the next one. Raises KeyError."""
        return _fill(self._next_variant(key), values)

    def has(self, key: str) -> bool:
        """Whether there is an answer of this name."""
        return key in self._answers

    def duration(self, seconds: float) -> str:
        """A duration as people say it: "1 minute and 30 seconds". Rounded to whole seconds, never negative."""
        rest = max(0, round(seconds))
        parts: list[str] = []
        for unit, size in _UNITS:
            count, rest = divmod(rest, size)
            if count:
                parts.append(self._shared(unit, count=count))
        return self.join(parts) if parts else self._shared("second", count=0)

    def join(self, items: Sequence[str]) -> str:
        """Items as a list in a sentence: "a", "a and b", "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        return self._shared("and", first=", ".join(items[:-1]), last=items[-1])

    def time(self, moment: datetime) -> str:
        """The time of day in the moment's own zone: "3:05 pm"."""
        half = self._shared("am" if moment.hour < 12 else "pm")
        return self._shared("time", moment=moment, hour12=moment.hour % 12 or 12, half=half)

    def date(self, day: date, *, with_year: bool = True) -> str:
        """A date with its weekday: "Monday, March 2, 2026"."""
        values = {"weekday": self.weekday(day), "month": self.month(day), "day": day.day, "year": day.year}
        return self._shared("date" if with_year else "date_short", **values)

    def weekday(self, day: date) -> str:
        """The name of the day: "Monday"."""
        return self._pack.entries("shared", "weekday_names")[day.weekday()]

    def month(self, day: date) -> str:
        """The name of the month: "March"."""
        return self._pack.entries("shared", "month_names")[day.month - 1]

    def _next_variant(self, key: str) -> str:
        answer: object = self._answers[key]
        if isinstance(answer, str):
            return answer
        variants = cast("Sequence[str]", answer)
        turn = self._said.get(key, 0)
        self._said[key] = turn + 1
        return variants[turn % len(variants)]

    def _shared(self, key: str, **values: Any) -> str:
        return _fill(self._pack.section("shared", "phrases")[key], values)


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return _Sentence().vformat(text, (), values)
