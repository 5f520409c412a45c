"""What can you do: a few sentences that work, a different choice each time."""

from __future__ import annotations

from vesper.skills.skill import Reply, Skill, SkillContext, Slots, handles
from vesper.understanding.intents import IntentSpec

_SHOWN = 4


class Guide(Skill):
    """Names examples of what can be said, from the language files of all skills."""

    name = "guide"
    intents = (IntentSpec("help"),)

    def __init__(self) -> None:
        self._asked = 0

    @handles("help")
    async def help(self, slots: Slots, context: SkillContext) -> Reply:
        """Four examples of different intents; asking again shows the next four."""
        del slots
        examples = [sentences[0] for sentences in context.examples.values() if sentences]
        if not examples:
            return Reply(context.words.say("nothing"))
        start = self._asked * _SHOWN % len(examples)
        self._asked += 1
        shown = (examples + examples)[start : start + min(_SHOWN, len(examples))]
        quoted = [context.words.say("quoted", sentence=sentence) for sentence in shown]
        return Reply(context.words.say("help" if self._asked == 1 else "more", examples=context.words.join(quoted)))
