"""Commands about the conversation itself: stop, say that again, undo that."""

from __future__ import annotations

from vesper.skills.skill import Reply, Skill, SkillContext, Slots, handles
from vesper.understanding.intents import IntentSpec, Risk


class TurnControl(Skill):
    """Stops, repeats and takes back; goes before all other skills."""

    name = "turn_control"
    intents = (
        IntentSpec("cancel", risk=Risk.UNDOABLE, priority=100),
        IntentSpec("repeat"),
        IntentSpec("undo", risk=Risk.UNDOABLE),
    )

    @handles("cancel")
    async def stop(self, slots: Slots, context: SkillContext) -> Reply:
        """Be silent and stop what rings. Nothing is said about it: silence is the answer that was asked for."""
        del slots
        rings = any(timer.state == "ringing" for timer in context.keeper.timers())
        was_speaking = context.voice.stop()
        if rings:
            await context.keeper.stop()
        return Reply(context.words.say("stopped" if rings or was_speaking else "nothing_to_stop"), stops_speech=True)

    @handles("repeat")
    async def repeat(self, slots: Slots, context: SkillContext) -> Reply:
        """The last answer once more."""
        del slots
        return Reply(context.last_answer or context.words.say("nothing_said"))

    @handles("undo")
    async def undo(self, slots: Slots, context: SkillContext) -> Reply:
        """Take back the last action that can be taken back."""
        del slots
        if context.undo is None:
            return Reply(context.words.say("nothing_to_undo"))
        return await context.undo()
