"""What the user said or typed, with everything that is known about how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the port brings numpy, which a typed turn does not need
    from vesper.ports.stt import Verdict


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence of the user.

    `confidence` and `alternatives` come from the recogniser (1.0 and none when typed), `snr_db` is the ratio of
    speech to noise where it is known, `verdict` how far the words can be trusted.
    """

    text: str
    source: Literal["voice", "typed", "control"] = "typed"
    confidence: float = 1.0
    alternatives: tuple[str, ...] = ()
    snr_db: float | None = None
    verdict: Verdict = "sure"
    language: str = "en"
