"""`eval speech`: word and character error rates of a recogniser on recordings whose words are known.

Rates are those of NIST's sclite: edits (substitutions, insertions, deletions) over the length of what was said,
summed over all clips. Case and punctuation do not count. A recogniser that hears a grammar alone is judged as it is.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vesper.audio.wav import with_room_tone
from vesper.base.edits import edits
from vesper.base.errors import BadInput
from vesper.evaluation.manifests import Clip, Progress, read_manifests
from vesper.ports.audio import SAMPLE_RATE
from vesper.ports.stt import SpeechToTextEngine

_AROUND_S = 0.3
_NO_WORD = re.compile(r"[^\w' ]+")


@dataclass(slots=True)
class _Errors:
    clips: int = 0
    words: int = 0
    word_edits: int = 0
    characters: int = 0
    character_edits: int = 0

    def add(self, said: str, recognised: str) -> None:
        """Count one clip."""
        wanted, found = plain(said), plain(recognised)
        self.clips += 1
        self.words += len(wanted.split())
        self.word_edits += edits(wanted.split(), found.split())
        self.characters += len(wanted)
        self.character_edits += edits(wanted, found)

    def figures(self) -> dict[str, Any]:
        """Counts and rates."""
        return {
            "clips": self.clips,
            "words": self.words,
            "wer": _ratio(self.word_edits, self.words),
            "cer": _ratio(self.character_edits, self.characters),
        }


@dataclass(slots=True)
class _Sum:
    whole: _Errors = field(default_factory=_Errors)
    by_language: dict[str, _Errors] = field(default_factory=lambda: defaultdict(_Errors))
    audio_s: float = 0.0
    cpu_s: float = 0.0


def run(
    engine: SpeechToTextEngine,
    manifests: Sequence[Path],
    *,
    language: str | None = None,
    progress: Progress = lambda _done, _all: None,
) -> dict[str, Any]:
    """Judge an opened engine that has its grammar; the answer is the JSON object of `eval speech`.

    `language` leaves out clips of other languages. Raises BadInput for manifests without fitting clips.
    """
    clips = [clip for clip in read_manifests(manifests) if language in (None, _language(clip))]
    if not clips or any("text" not in clip.facts for clip in clips):
        raise BadInput("manifest.no_text", "There are no clips with text to compare with.", 'Each line needs "text".')
    total = _Sum()
    for number, clip in enumerate(clips, 1):
        _hear(engine, clip, total)
        progress(number, len(clips))
    return {
        "engine": engine.info.name,
        **total.whole.figures(),
        "rtf": _ratio(total.cpu_s, total.audio_s),
        "by_language": {name: errors.figures() for name, errors in sorted(total.by_language.items())},
    }


def _hear(engine: SpeechToTextEngine, clip: Clip, total: _Sum) -> None:
    samples = with_room_tone(clip.samples(), before_s=_AROUND_S, after_s=_AROUND_S)
    started = time.process_time()
    recognised = engine.recognise(samples).text
    total.cpu_s += time.process_time() - started
    total.audio_s += len(samples) / SAMPLE_RATE
    for errors in (total.whole, total.by_language[_language(clip)]):
        errors.add(str(clip.facts["text"]), recognised)


def plain(text: str) -> str:
    """Words in small letters, separated by single spaces, without punctuation."""
    return " ".join(_NO_WORD.sub(" ", unicodedata.normalize("NFC", text).lower().replace("’", "'")).split())


def _language(clip: Clip) -> str:
    return str(clip.facts.get("language", "en"))


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
