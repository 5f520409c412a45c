"""Echo: Vesper's own words, come back through the microphone, are no request.

They can only end with the sound they came from, or as much later as a slow speaker and the room delay it. What the user
says again of Vesper's words ("turn it off" to "Did you say: turn it off?") ends later.
"""

from __future__ import annotations

import re

_LATEST_S = 0.6
_WORD = re.compile(r"[\w']+")


def is_echo(text: str, told: str, behind_s: float) -> bool:
    """Whether `text` is a part of what Vesper `told`; it ended `behind_s` seconds after the telling did."""
    said = _words(text)
    if not said or behind_s > _LATEST_S:
        return False
    return f" {said} " in f" {_words(told)} "


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
