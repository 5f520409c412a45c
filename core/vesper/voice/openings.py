"""Openings: what begins a turn. Signals come in (wake phrase, button, key, stop phrase), the table of
`audio/interruption.py` decides, and at most one opening waits for the voice loop to take it.

An interruption is the next turn's opening, not a branch in the running one: whoever speaks only *sees* that one
is pending, `Conversation.run` alone takes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from vesper.audio.interruption import Effect, Phase, Signal, effect_of

OpeningKind = Literal["wake", "talk", "hold", "follow_up", "ring"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Why and from where Vesper listens.

    Sound is heard from `from_sample` on; speech counts from `speech_from` on (behind the wake phrase). With
    "hold" the user ends the sentence by letting go; `patience_s` is how long nothing may be said. With "ring" nothing
    is heard any more: `sentence` is what the short answer to something ringing stands for.
    """

    kind: OpeningKind
    from_sample: int
    speech_from: int
    patience_s: float
    phrase: str = ""
    score: float = 1.0
    sentence: str = ""


def _nothing(*_: object) -> None:
    """Nobody has hooked in yet."""


class Openings:
    """Decides what a signal does, and keeps the newest opening until it is taken.

    `phase` is what Vesper is doing. Whoever speaks, hears and rings hooks in: `cut_sound(by)` silences Vesper,
    `give_up_hearing()` ends what is being heard, `stop_ringing()` stops what rings for good. `silenced_by` is who cut
    the answer before it began to sound: while Vesper thinks there is no sound to cut yet.
    """

    def __init__(self) -> None:
        self.cut_sound: Callable[[str], object] = _nothing
        self.give_up_hearing: Callable[[], object] = _nothing
        self.stop_ringing: Callable[[], object] = _nothing
        self._waiting: Opening | None = None
        self._arrived = asyncio.Event()
        self.silenced_by: str | None = None
        self.phase = Phase.ARMED

    @property
    def is_pending(self) -> bool:
        """Whether an opening waits to be taken."""
        return self._waiting is not None

    def signal(self, signal: Signal, opening: Opening | None = None) -> Effect:
        """Something asks for attention; `opening` is the turn it would begin. Returns what it did."""
        effect = effect_of(signal, self.phase)
        if effect.opens_turn and opening is not None:
            self.offer(opening)
        if effect.ends_hearing:
            self.give_up_hearing()
        if effect.cuts_sound:
            self._cut_sound("user" if signal is Signal.STOP_KEY else signal.value)
        if effect.cuts_sound and signal in (Signal.STOP_KEY, Signal.STOP_PHRASE):
            self.stop_ringing()
        return effect

    def _cut_sound(self, by: str) -> None:
        if self.phase is Phase.THINKING:
            self.silenced_by = self.silenced_by or by
        self.cut_sound(by)

    def offer(self, opening: Opening) -> None:
        """Let `opening` be the next turn, whatever Vesper does now."""
        self._waiting = opening
        self._arrived.set()

    def answer(self, sentence: str) -> None:
        """What rings was answered with a short phrase that stands for this sentence."""
        self.signal(Signal.ANSWER, Opening("ring", 0, 0, 0.0, sentence=sentence))

    def withdraw(self) -> None:
        """Forget what waits (the microphone was closed)."""
        self._waiting = None
        self._arrived.clear()

    async def next(self) -> Opening:
        """Wait for an opening and take it."""
        while self._waiting is None:
            self._arrived.clear()
            await self._arrived.wait()
        opening, self._waiting = self._waiting, None
        return opening
