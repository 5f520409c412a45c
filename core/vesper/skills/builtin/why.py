"""Why didn't you answer: what went wrong in the last minutes, in one sentence with what to do."""

from __future__ import annotations

from vesper.skills.skill import Reply, Skill, SkillContext, Slots, handles
from vesper.understanding.intents import IntentSpec


class Why(Skill):
    """Says why Vesper did not hear, understand or answer. The reasons are chosen in `voice/why_not.py`."""

    name = "why"
    intents = (IntentSpec("assistant.why"),)
    # Where no Vesper runs, the stored traces of its last turns are all there is to tell from.
    needs_storage = True

    @handles("assistant.why")
    async def why(self, slots: Slots, context: SkillContext) -> Reply:
        """The likeliest reason, or that nothing is known to have gone wrong."""
        del slots
        return Reply(await context.hindsight.why_not_answered())
