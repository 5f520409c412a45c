"""Sessions: what a conversation is expecting next, what was said last, and what can be taken back."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from vesper.skills.skill import Question, Undo

MOST_SESSIONS = 50
"""Old conversations are forgotten: nobody answers a question from fifty conversations ago."""


@dataclass(slots=True)
class Session:
    """One conversation. `question` is what Vesper asked and waits for; `undo` takes the last action back.

    `has_asked_again`: the question was repeated once already; it is dropped if the next answer makes no sense either.
    """

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    question: Question | None = None
    last_answer: str = ""
    undo: Undo | None = None
    has_asked_again: bool = False


class Sessions:
    """The conversations that can still be gone on with, the last used ones."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def get(self, session_id: str | None = None) -> Session:
        """The session of this id, or a new one: also for an id that is unknown or forgotten."""
        session = self._sessions.get(session_id or "")
        if session is None:
            session = Session(session_id) if session_id else Session()
            self._sessions[session.id] = session
        self._sessions.move_to_end(session.id)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session
