"""How loud and how fast Vesper speaks."""

from __future__ import annotations

from typing import Literal

from vesper.skills.skill import Reply, Skill, SkillContext, Slots, Undo, handles
from vesper.understanding.intents import IntentSpec, Risk

_Dial = Literal["volume", "rate"]

VOLUME_STEP = 10
AUDIBLE_VOLUME = 50
"""What "unmute" sets where it is not known how loud it was before."""
SMALL_SCALE = 10
"""A bare number up to here counts on a scale to ten: "volume four" is 40 percent, "four percent" stays 4."""
RATE_STEP = 25
"""Words a minute for one step: about 15 percent of the usual 170, which is clearly heard."""


class SpeechControl(Skill):
    """Turns Vesper's own voice up and down; each change can be undone."""

    name = "speech_control"
    intents = (
        IntentSpec("volume.set", ("level", "unit"), risk=Risk.UNDOABLE),
        IntentSpec("volume.up", ("step",), risk=Risk.UNDOABLE),
        IntentSpec("volume.down", ("step",), risk=Risk.UNDOABLE),
        IntentSpec("volume.mute", risk=Risk.UNDOABLE),
        IntentSpec("volume.unmute", risk=Risk.UNDOABLE),
        IntentSpec("volume.query"),
        IntentSpec("speech.rate", ("step", "level"), risk=Risk.UNDOABLE),
    )

    def __init__(self) -> None:
        self._before_mute = AUDIBLE_VOLUME

    @handles("volume.set")
    async def set_volume(self, slots: Slots, context: SkillContext) -> Reply:
        """Set the volume to slot `level`: percent, or on a scale to ten."""
        return _turn("volume", _percent(slots), context)

    @handles("volume.up")
    async def up(self, slots: Slots, context: SkillContext) -> Reply:
        """Louder by slot `step` in percent, or by a step."""
        return self._change(slots, context, 1)

    @handles("volume.down")
    async def down(self, slots: Slots, context: SkillContext) -> Reply:
        """Softer by slot `step` in percent, or by a step."""
        return self._change(slots, context, -1)

    @handles("volume.mute")
    async def mute(self, slots: Slots, context: SkillContext) -> Reply:
        """Silence the voice, remembering how loud it was."""
        del slots
        volume = context.voice.get("volume")
        self._before_mute = volume or self._before_mute
        context.voice.set("volume", 0)
        return Reply(context.words.say("muted"), undo=_back_to("volume", volume, context), stops_speech=True)

    @handles("volume.unmute")
    async def unmute(self, slots: Slots, context: SkillContext) -> Reply:
        """Speak again, as loud as before."""
        del slots
        volume = context.voice.get("volume")
        if volume:
            return Reply(context.words.say("volume_is", level=volume))
        return _turn("volume", self._before_mute, context)

    @handles("volume.query")
    async def query(self, slots: Slots, context: SkillContext) -> Reply:
        """How loud the voice is."""
        del slots
        volume = context.voice.get("volume")
        return Reply(context.words.say("volume_is" if volume else "is_muted", level=volume))

    @handles("speech.rate")
    async def rate(self, slots: Slots, context: SkillContext) -> Reply:
        """Speak faster or slower by slot `step`, or at slot `level` words a minute."""
        rate = context.voice.get("rate")
        if "level" in slots:
            return _turn("rate", round(float(slots["level"])), context)
        return _turn("rate", rate + (RATE_STEP if slots.get("step") == "up" else -RATE_STEP), context)

    @staticmethod
    def _change(slots: Slots, context: SkillContext, sign: int) -> Reply:
        volume = context.voice.get("volume")
        return _turn("volume", volume + sign * round(float(slots.get("step", VOLUME_STEP))), context)


def _turn(dial: _Dial, wanted: int, context: SkillContext) -> Reply:
    """Set a dial and tell where it stands now: also that it was at its end already."""
    before = context.voice.get(dial)
    now = context.voice.set(dial, wanted)
    if now == before and wanted != before:
        return Reply(context.words.say(f"{dial}_most" if wanted > before else f"{dial}_least", level=now))
    key = f"{dial}_set" if dial == "volume" else f"rate_{'up' if now >= before else 'down'}"
    return Reply(context.words.say(key, level=now), undo=_back_to(dial, before, context))


def _back_to(dial: _Dial, value: int, context: SkillContext) -> Undo:
    async def undo() -> Reply:
        now = context.voice.set(dial, value)
        return Reply(context.words.say(f"{dial}_back", level=now))

    return undo


def _percent(slots: Slots) -> int:
    level = float(slots["level"])
    return round(level * 10 if level <= SMALL_SCALE and slots.get("unit") != "percent" else level)
