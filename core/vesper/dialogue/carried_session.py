"""A session as a text that the user carries from one command to the next, where no Vesper runs that could remember it.

What Vesper asked lies in the text itself, so nothing of it is kept on the disk: `vesper ask` prints it, `--session`
hands it back.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict

from vesper.dialogue.session import Session
from vesper.skills.skill import Question

_MARK = "asked-"


def carried(session: Session) -> str:
    """The session as a text: its open question, or only its id where nothing was asked."""
    if session.question is None:
        return session.id
    plain = [asdict(session.question), session.has_asked_again]
    packed = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return _MARK + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def taken_up(text: str) -> Session:
    """The session that goes on: with its question where the text carries one, else a new one of this id."""
    if not text.startswith(_MARK):
        return Session(text)
    packed = text.removeprefix(_MARK)
    try:
        question, has_asked_again = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        question["choices"] = tuple(question["choices"])
        return Session(question=Question(**question), has_asked_again=bool(has_asked_again))
    except (ValueError, TypeError, KeyError):  # cut short, or not ours
        return Session()
