"""`eval reject`: how often speech that is no command is taken for one.

Every clip is an utterance, as if somebody had woken Vesper and then said this. What is longer than an utterance may
be is heard in pieces, and counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vesper.audio.endpointing import Endpointing
from vesper.base.errors import BadInput
from vesper.evaluation.command_hearing import CommandHearing, Conditions, Uttered
from vesper.evaluation.manifests import Progress, read_manifests
from vesper.ports.audio import SAMPLE_RATE

_SHORTEST_S = 0.5


def run(
    hearing: CommandHearing,
    manifests: Sequence[Path],
    conditions: Conditions,
    *,
    progress: Progress = lambda _done, _all: None,
) -> dict[str, Any]:
    """Judge loaded engines on clips without a command; the answer is the JSON object of `eval reject`.

    Raises BadInput where there are no clips.
    """
    clips = read_manifests(manifests)
    if not clips:
        raise BadInput("manifest.empty", "There are no clips to hear.", "Each line of a manifest describes one.")
    claims: list[dict[str, str]] = []
    done = 0
    for snr in conditions.snr_db:
        for index, clip in enumerate(clips):
            claim = _claim(hearing, _pieces(conditions.sound(clip.samples(), snr, index)))
            if claim is not None:
                claims.append({"audio": str(clip.facts["audio"]), "snr": snr, **claim})
            done += 1
            progress(done, len(clips) * len(conditions.snr_db))
    by_snr = {snr: sum(claim["snr"] == snr for claim in claims) for snr in conditions.snr_db}
    return {
        "clips": len(clips),
        "claimed": len(claims),
        "claimed_rate": round(len(claims) / (len(clips) * len(conditions.snr_db)), 4),
        "by_snr": {snr: round(count / len(clips), 4) for snr, count in by_snr.items()},
        "claims": claims,
        "engine": hearing.engine,
        "rtf": hearing.rtf,
    }


def _claim(hearing: CommandHearing, pieces: Iterator[Uttered]) -> dict[str, str] | None:
    """The first command that is found in the pieces of a clip, if any."""
    for piece in pieces:
        heard = hearing.hear(piece)
        if heard.match is not None:
            return {"text": heard.transcript.text, "intent": heard.match.intent}
    return None


def _pieces(uttered: Uttered) -> Iterator[Uttered]:
    longest = int(Endpointing().longest_s * SAMPLE_RATE)
    for at in range(0, len(uttered.samples), longest):
        if at == 0 or len(uttered.samples) - at >= _SHORTEST_S * SAMPLE_RATE:
            yield Uttered(uttered.room, uttered.samples[at : at + longest])
