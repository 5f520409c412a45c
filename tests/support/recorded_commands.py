"""Recordings of commands as tones, and the engines that understand them, for the evaluations of commands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.conversation import templates
from tests.support.speech import faint_noise, write_wav
from vesper.base.language import LanguagePack
from vesper.engines.scripted.speech import ScriptedGatekeeper, ScriptedSpeechToText
from vesper.engines.scripted.tones import spoken
from vesper.evaluation.command_hearing import CommandHearing
from vesper.ports.audio import Samples
from vesper.ports.stt import Transcript
from vesper.understanding.grammar import build_grammar
from vesper.understanding.templates import SentenceTemplates


class OpinionatedGatekeeper(ScriptedGatekeeper):
    """Hears the same in everything."""

    def __init__(self, opinion: str) -> None:
        super().__init__()
        self.opinion = opinion

    def recognise(self, samples: Samples) -> tuple[Transcript, ...]:
        return (Transcript(self.opinion),)


def hearing(pack: LanguagePack | None = None, *, gatekeeper_hears: str = "") -> CommandHearing:
    """The scripted engines with Vesper's own sentences, or with those of a pack."""
    gatekeeper = OpinionatedGatekeeper(gatekeeper_hears) if gatekeeper_hears else ScriptedGatekeeper()
    made = CommandHearing(ScriptedSpeechToText(), gatekeeper)
    known = SentenceTemplates(pack) if pack else templates()
    made.load(known, build_grammar(known))
    return made


def manifest(folder: Path, *clips: Mapping[str, Any]) -> Path:
    """A manifest of clips that say `said` in tones (faint noise where nothing is said), with their other facts."""
    lines: list[str] = []
    for number, clip in enumerate(clips):
        said = str(clip["said"])
        write_wav(folder / f"{number}.wav", spoken(said) if said else faint_noise(1.0))
        lines.append(json.dumps({"audio": f"{number}.wav", **clip}))
    path = folder / "clips.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
