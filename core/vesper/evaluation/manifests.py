"""Evaluation manifests: JSON Lines, one clip a line, audio paths relative to the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vesper.audio.wav import read_speech
from vesper.base.errors import BadInput
from vesper.ports.audio import FRAME_SAMPLES, AudioFrame, Samples

Progress = Callable[[int, int], None]
"""Called with (clips done, clips in all)."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One line: where its audio lies, and everything else that stands there."""

    audio: Path
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def samples(self) -> Samples:
        """The audio, mono at 16 kHz. Raises BadInput("audio.unreadable")."""
        return read_speech(self.audio)


def read_manifests(paths: Sequence[Path]) -> list[Clip]:
    """All clips of the manifests in order. Raises BadInput("manifest.unreadable") with the line."""
    return [clip for path in paths for clip in _clips(path)]


def frames(samples: Samples, first_sample: int = 0) -> list[AudioFrame]:
    """The whole 10 ms frames of a piece of sound, beginning at position `first_sample`."""
    return [
        AudioFrame(samples[at : at + FRAME_SAMPLES], first_sample + at, 0.0)
        for at in range(0, len(samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    ]


def _clips(path: Path) -> list[Clip]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput("manifest.unreadable", f'"{path}" cannot be read.', "Check its name.") from error
    return [_clip(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _clip(path: Path, number: int, line: str) -> Clip:
    try:
        facts = json.loads(line)
        return Clip(path.parent / facts["audio"], facts)
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "manifest.unreadable",
            f'Line {number} of "{path.name}" is no JSON object with "audio".',
            "Each line describes one clip.",
        ) from error
