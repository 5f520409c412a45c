"""THE SPOKEN TURN: hear, recognise, understand, act, say. Each step is awaited here and told in its own file:

    openings     what begins a turn, and who may interrupt whom
    listening    from an opening to an utterance (ears, endpointing, the recognisers)
    responder    what it means, and doing it (dialogue/: the same for a typed turn)
    speaking     the answer, clause by clause, and what of it was heard
    trace        the turn's times and its one `turn.finished`

Understanding has no effect, so that an uncertain utterance can be thrown away; `act` is where things happen, and an
action once begun is never cut. An interruption is the next turn's opening: `run` alone takes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from vesper.audio.interruption import Phase
from vesper.base.errors import VesperError
from vesper.base.events import AnswerText
from vesper.base.settings_file import SettingsFile
from vesper.dialogue.answer import AnswerPart
from vesper.dialogue.late import LateResponder
from vesper.dialogue.session import Session
from vesper.dialogue.utterance import Utterance
from vesper.skills.skill import Words
from vesper.voice.agreement import is_too_noisy
from vesper.voice.echo import is_echo
from vesper.voice.listening import Listening, Speech
from vesper.voice.openings import Opening
from vesper.voice.speaking import Speaking, Spoken
from vesper.voice.trace import Outcome, Trace, Turn


class Conversation:
    """The voice loop: one turn after the other, for as long as it runs."""

    def __init__(
        self,
        listening: Listening,
        responder: LateResponder,
        speaking: Speaking,
        *,
        trace: Trace,
        settings: SettingsFile,
        words: Words,
    ) -> None:
        self._listening = listening
        self._responder = responder
        self._speaking = speaking
        self._trace = trace
        self._settings = settings
        self._words = words
        self._session = Session()
        self._has_asked_back = False
        self.is_in_turn = False

    async def run(self) -> None:
        """Take openings and run their turns, for ever."""
        while True:
            opening = await self._listening.next_opening()
            self.is_in_turn = True
            async with self._trace.turn(opening) as turn:
                await self._turn_or_why_not(opening, turn)
            self.is_in_turn = False

    async def turn(self, opening: Opening, turn: Turn) -> None:
        """One turn, straight through."""
        if opening.kind != "follow_up":  # whoever speaks to Vesper anew is not the one who was just left in peace
            self._has_asked_back = False
        if opening.sentence:
            return await self._answer(self._listening.short_answer(opening, turn), turn)
        speech = await self._listening.hear(opening, turn)
        if speech.is_empty:
            return await self._nothing_said(opening, speech, turn)
        heard = await speech.recognised()
        if not heard.text:
            return await self._ask_back("too_noisy" if is_too_noisy(heard.snr_db) else "not_caught", speech, turn)
        told = self._speaking.last_told
        if is_echo(heard.text, told.text, speech.ended_at - told.ended_at):
            return self._only_an_echo(opening, turn)
        self._has_asked_back = False
        await self._answer(heard, turn, speech)

    async def _answer(self, heard: Utterance, turn: Turn, speech: Speech | None = None) -> None:
        """What the utterance asks for, done and told."""
        responder = await self._responder.ready()
        with turn.step("understand"):
            plan = await responder.understand(heard, self._session, turn=turn.id)
        turn.note(**plan.facts())
        answer = responder.act(plan)
        spoken = await self._say(answer, turn, speech)
        turn.record.answered = spoken.heard
        self._finish(turn, Outcome(await answer.outcome()), spoken)

    async def _turn_or_why_not(self, opening: Opening, turn: Turn) -> None:
        """The turn; when something that can fail has failed, its sentence is said aloud too."""
        try:
            await self.turn(opening, turn)
        except VesperError as error:
            await self._say(_once(error.sentence), turn)
            raise

    async def _nothing_said(self, opening: Opening, speech: Speech, turn: Turn) -> None:
        """Nothing to recognise: one short question back, except where silence is an answer.

        Silence behind the wake phrase is a false wake in the trace, whatever was asked then: nobody wanted anything.
        """
        match speech.heard.reason:
            case "device":
                turn.finish(Outcome.FAILED)
            case "stopped":
                turn.finish(Outcome.INTERRUPTED)
            case _ if opening.kind == "follow_up":
                turn.finish(Outcome.NOTHING_SAID)
            case _:
                await self._ask_back("nothing_said", speech, turn)
                if opening.kind == "wake" and turn.outcome is not Outcome.INTERRUPTED:
                    turn.finish(Outcome.FALSE_WAKE)

    def _only_an_echo(self, opening: Opening, turn: Turn) -> None:
        """Nobody said anything yet: whoever was asked may still answer."""
        turn.note(echo=True)
        turn.finish(Outcome.NOTHING_SAID)
        if opening.kind == "follow_up":
            self._listening.expect_follow_up()

    async def _ask_back(self, key: str, speech: Speech, turn: Turn) -> None:
        """Ask once; whoever is silent or unclear again when asked is left in peace."""
        if self._has_asked_back:
            self._has_asked_back = False
            turn.finish(Outcome.NOTHING_SAID)
            return
        self._has_asked_back = True
        question = self._words.say(key)
        turn.publish(AnswerText(text=question))
        spoken = await self._say(_once(question), turn, speech)
        self._finish(turn, Outcome.ASKED, spoken)

    async def _say(self, answer: AsyncIterator[AnswerPart], turn: Turn, speech: Speech | None = None) -> Spoken:
        if self._listening.silenced_by is not None:
            return Spoken(interrupted_by=self._listening.silenced_by)
        self._listening.enter(Phase.SPEAKING)
        ended_at = speech.ended_at if speech is not None else None
        return await self._speaking.say(_spoken(answer), turn, speech_ended_at=ended_at)

    def _finish(self, turn: Turn, outcome: Outcome, spoken: Spoken) -> None:
        turn.finish(outcome if spoken.is_whole else Outcome.INTERRUPTED)
        follow_up = self._settings.get("listening.follow_up")
        if spoken.is_whole and (follow_up == "always" or (follow_up == "questions" and outcome is Outcome.ASKED)):
            self._listening.expect_follow_up()


async def _spoken(answer: AsyncIterator[AnswerPart]) -> AsyncIterator[str]:
    async for part in answer:
        if part.is_spoken:
            yield part.text


async def _once(text: str) -> AsyncIterator[AnswerPart]:
    yield AnswerPart(text)
