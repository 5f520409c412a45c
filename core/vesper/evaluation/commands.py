"""`eval commands`: how often recorded commands are understood, of a context that is loaded beside all of Vesper's own.

A context is a JSON object: `intents` (intent: its templates), `slots` (slot: its values). A command is right when its
intent and all its slots are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from vesper.base.errors import BadInput
from vesper.base.language import LanguagePack
from vesper.evaluation.command_hearing import CommandHearing, Conditions, HeardCommand
from vesper.evaluation.manifests import Clip, Progress, read_manifests

_FILE = "context of an evaluation"


def with_context(pack: LanguagePack, context: Path) -> LanguagePack:
    """The language with a context's intents and slots besides. Raises BadInput("context.unreadable")."""
    try:
        found = json.loads(context.read_text(encoding="utf-8"))
        intents = {name: [{"sentences": list(sentences)}] for name, sentences in found["intents"].items()}
        lists = {name: {"values": list(values)} for name, values in found["slots"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sentence = f'"{context.name}" is no context: an object with "intents" and "slots".'
        raise BadInput("context.unreadable", sentence, "Name the file of templates beside the recordings.") from error
    return LanguagePack(pack.code, {**pack.files, _FILE: {"intents": intents, "lists": lists}})


def run(
    hearing: CommandHearing,
    manifests: Sequence[Path],
    conditions: Conditions,
    *,
    progress: Progress = lambda _done, _all: None,
) -> dict[str, Any]:
    """Judge loaded engines on recorded commands; the answer is the JSON object of `eval commands`.

    Raises BadInput for manifests without recordings of commands.
    """
    clips = read_manifests(manifests)
    if not clips or any("intent" not in clip.facts for clip in clips):
        raise BadInput("manifest.no_intent", "There are no clips with an intent.", 'Each line needs "intent", "slots".')
    verdicts: dict[str, list[str]] = {snr: [] for snr in conditions.snr_db}
    done = 0
    for snr, found in verdicts.items():
        for index, clip in enumerate(clips):
            heard = hearing.hear(conditions.sound(clip.samples(), snr, index))
            found.append(_verdict(clip, heard))
            done += 1
            progress(done, len(clips) * len(verdicts))
    return {
        "recordings": len(clips),
        "accuracy": _shares(verdicts, {"right"}),
        "taken_wrongly": _shares(verdicts, {"intent", "wrong"}),
        "intent_accuracy": _shares(verdicts, {"right", "intent"}),
        "engine": hearing.engine,
        "rtf": hearing.rtf,
    }


def _verdict(clip: Clip, heard: HeardCommand) -> str:
    """ "right", "intent" (with other slots), "wrong", or "nothing"."""
    if heard.match is None:
        return "nothing"
    if heard.match.intent != clip.facts["intent"]:
        return "wrong"
    wanted = cast("Mapping[str, Any]", clip.facts.get("slots") or {})
    return "right" if _plain(heard.match.slots) == _plain(wanted) else "intent"


def _plain(slots: Mapping[str, Any]) -> dict[str, str]:
    return {name: " ".join(str(value).lower().split()) for name, value in slots.items()}


def _shares(verdicts: Mapping[str, Sequence[str]], counted: set[str]) -> dict[str, float]:
    return {snr: round(sum(one in counted for one in found) / len(found), 4) for snr, found in verdicts.items()}
