"""Timers: set, change, pause, resume, cancel, and how much is left.

Which timer is meant may be said by its name, its length ("the ten minute timer") or its place ("the second one"). A
ringing one is meant before those that run. What stays ambiguous is asked, by names. Setting, changing and cancelling
can be undone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import ClassVar

from vesper.scheduling.choice import Choice
from vesper.scheduling.keeper import Timer
from vesper.scheduling.schedule import LONGEST
from vesper.skills.skill import Question, Reply, Skill, SkillContext, Slots, Undo, handles
from vesper.understanding.intents import IntentSpec, Risk
from vesper.understanding.quantities.times import iso_seconds

_CHOICE = ("name", "duration", "which")
_NONE = {"timer.pause": "none_to_pause", "timer.resume": "none_to_resume"}


class Timers(Skill):
    """Kitchen timers of any number, kept over restarts."""

    name: ClassVar[str] = "timers"
    needs_storage: ClassVar[bool] = True
    intents: ClassVar[tuple[IntentSpec, ...]] = (
        IntentSpec("timer.set", ("duration", "name"), Risk.UNDOABLE),
        IntentSpec("timer.change", ("offset", *_CHOICE), Risk.UNDOABLE),
        IntentSpec("timer.cancel", _CHOICE, Risk.UNDOABLE),
        IntentSpec("timer.pause", _CHOICE, Risk.UNDOABLE),
        IntentSpec("timer.resume", _CHOICE, Risk.UNDOABLE),
        IntentSpec("timer.remaining", _CHOICE),
    )

    @handles("timer.set")
    async def set(self, slots: Slots, context: SkillContext) -> Reply:
        """Set a timer going; asks for how long when that was not said."""
        length = _length(slots, "duration")
        if length is None:
            return _asks_length(context.words.say("ask_duration"), "timer.set", "duration", slots=slots)
        if refusal := _refusal(length, context):
            return Reply(refusal, is_ok=False)
        name = str(slots.get("name", ""))
        timer = await context.keeper.add_timer(length, name)
        said = {"name": name, "length": context.words.duration(length.total_seconds())}
        text = context.words.say("set_named" if name else "set", **said)
        return Reply(" ".join([text, *_limits(context)]), undo=_take_back(timer, context))

    @handles("timer.change")
    async def change(self, slots: Slots, context: SkillContext) -> Reply:
        """Add time to a timer or take some away; a ringing one runs again."""
        offset = _length(slots, "offset")
        if offset is None:
            return _asks_length(context.words.say("ask_offset"), "timer.change", "offset", slots=slots)
        chosen = _meant("timer.change", slots, context.keeper.timers(), context=context)
        if isinstance(chosen, Reply):
            return chosen
        for timer in chosen:
            if refusal := _refusal_to_change(timer, offset, context):
                return Reply(refusal, is_ok=False)
        changed = [await context.keeper.change(timer.id, offset) for timer in chosen]
        return Reply(_done("changed", changed, context), undo=_change_back(chosen, context))

    @handles("timer.pause")
    async def pause(self, slots: Slots, context: SkillContext) -> Reply:
        """Let running timers stand still."""
        running = [timer for timer in context.keeper.timers() if timer.state == "running"]
        chosen = _meant("timer.pause", slots, running, context=context)
        if isinstance(chosen, Reply):
            return chosen
        paused = [await context.keeper.pause(timer.id) for timer in chosen]
        return Reply(_done("paused", paused, context), undo=_each_again(context.keeper.resume, paused, context))

    @handles("timer.resume")
    async def resume(self, slots: Slots, context: SkillContext) -> Reply:
        """Let paused timers go on."""
        paused = [timer for timer in context.keeper.timers() if timer.state == "paused"]
        chosen = _meant("timer.resume", slots, paused, context=context)
        if isinstance(chosen, Reply):
            return chosen
        resumed = [await context.keeper.resume(timer.id) for timer in chosen]
        return Reply(_done("resumed", resumed, context), undo=_each_again(context.keeper.pause, resumed, context))

    @handles("timer.cancel")
    async def cancel(self, slots: Slots, context: SkillContext) -> Reply:
        """End timers for good; a ringing one is stopped."""
        chosen = _meant("timer.cancel", slots, context.keeper.timers(), context=context)
        if isinstance(chosen, Reply):
            return chosen
        told = _done("cancelled", chosen, context)
        running = [timer for timer in chosen if timer.state != "ringing"]
        await context.keeper.cancel(*(timer.id for timer in chosen))
        return Reply(told, undo=_bring_back(running, context) if running else None)

    @handles("timer.remaining")
    async def remaining(self, slots: Slots, context: SkillContext) -> Reply:
        """How much time is left, on one timer or on all."""
        timers = context.keeper.timers()
        chosen = _choice(slots).among(timers, _labels(timers, context))
        if not chosen:
            return _nothing_found("timer.remaining", timers, context)
        if len(chosen) == 1:
            return Reply(_with_left(f"left_{chosen[0].state}", chosen[0], context))
        items = [_with_left(f"item_{timer.state}", timer, context) for timer in chosen]
        return Reply(context.words.say("left_all", count=len(chosen), timers="; ".join(items)))


def _meant(intent: str, slots: Slots, timers: Sequence[Timer], *, context: SkillContext) -> Sequence[Timer] | Reply:
    """The timers that are meant, or the reply that says there are none or asks which."""
    choice, labels = _choice(slots), _labels(timers, context)
    chosen = choice.among_ringing_first(timers, labels)
    if not chosen:
        return _nothing_found(intent, timers, context)
    all_ring = choice.is_open and all(timer.state == "ringing" for timer in chosen)
    if len(chosen) == 1 or choice.is_all or (all_ring and intent == "timer.cancel"):
        return chosen
    offered = [label for timer, label in zip(timers, labels, strict=True) if timer in chosen]
    prompt = context.words.say("ask_which", choices=context.words.join(offered))
    known = {name: value for name, value in slots.items() if name not in _CHOICE}
    return Reply(prompt, question=Question("choose", prompt, intent, "name", known, tuple(offered)))


def _choice(slots: Slots) -> Choice:
    return Choice(str(slots.get("name", "")), _length(slots, "duration"), str(slots.get("which", "")))


def _nothing_found(intent: str, timers: Sequence[Timer], context: SkillContext) -> Reply:
    """No timer fits: there is none that could, or none of that name."""
    if not timers:
        return Reply(context.words.say(_NONE.get(intent, "none")), is_ok=False)
    text = context.words.say("not_found", count=len(timers), timers=_listed(timers, context))
    return Reply(text, is_ok=False)


def _length(slots: Slots, slot: str) -> timedelta | None:
    said = slots.get(slot)
    return None if said is None else timedelta(seconds=iso_seconds(str(said)))


def _refusal(length: timedelta, context: SkillContext) -> str:
    """Why a timer cannot have this length; "" when it can."""
    if length <= timedelta(0):
        return context.words.say("too_short")
    return context.words.say("too_long", days=LONGEST.days) if length > LONGEST else ""


def _refusal_to_change(timer: Timer, offset: timedelta, context: SkillContext) -> str:
    """Why a timer cannot be changed by so much; "" when it can."""
    left = context.keeper.remaining(timer)
    if left + offset <= timedelta(0):
        return _with_left("too_little_left", timer, context)
    return _refusal(timer.duration + offset, context) if offset > timedelta(0) else ""


def _limits(context: SkillContext) -> list[str]:
    """What must honestly be added when a timer is set."""
    limits = [] if context.keeper.is_durable else [context.words.say("unsaved")]
    return limits if context.has_listener else [*limits, context.words.say("needs_listener")]


def _asks_length(prompt: str, intent: str, slot: str, *, slots: Slots) -> Reply:
    return Reply(prompt, question=Question("fill", prompt, intent, slot, dict(slots)))


def _done(key: str, timers: Sequence[Timer], context: SkillContext) -> str:
    """What was done, with the time left of one timer, or with the names of several."""
    if len(timers) > 1:
        return context.words.say(f"{key}_all", count=len(timers), timers=_listed(timers, context))
    return _with_left("stopped" if timers[0].state == "ringing" else key, timers[0], context)


def _with_left(key: str, timer: Timer, context: SkillContext) -> str:
    left = context.words.duration(context.keeper.remaining(timer).total_seconds())
    return context.words.say(key, timer=_spoken(timer, context), left=left)


def _listed(timers: Sequence[Timer], context: SkillContext) -> str:
    return context.words.join([_spoken(timer, context) for timer in timers])


def _spoken(timer: Timer, context: SkillContext) -> str:
    """The timer within a sentence: "pizza timer", "timer for 10 minutes"."""
    if timer.name:
        return context.words.say("named", name=timer.name)
    return context.words.say("unnamed", length=context.words.duration(timer.duration.total_seconds()))


def _labels(timers: Sequence[Timer], context: SkillContext) -> list[str]:
    """What each timer is called where one is to be chosen: its name or length, numbered where that is not unique."""
    plain = [timer.name or context.words.duration(timer.duration.total_seconds()) for timer in timers]
    return [
        label if plain.count(label) == 1 else context.words.say("nth", label=label, nth=plain[: at + 1].count(label))
        for at, label in enumerate(plain)
    ]


def _take_back(timer: Timer, context: SkillContext) -> Undo:
    async def undo() -> Reply:
        await context.keeper.cancel(timer.id)
        return Reply(context.words.say("taken_back", timer=_spoken(timer, context)))

    return undo


def _bring_back(timers: Sequence[Timer], context: SkillContext) -> Undo:
    async def undo() -> Reply:
        for timer in timers:
            await context.keeper.restore(timer)
        return Reply(context.words.say("restored", count=len(timers), timers=_listed(timers, context)))

    return undo


def _change_back(timers: Sequence[Timer], context: SkillContext) -> Undo:
    """As they were; one that rang does not ring again but ends."""

    async def undo() -> Reply:
        for timer in timers:
            if timer.state == "ringing":
                await context.keeper.cancel(timer.id)
            else:
                await context.keeper.restore(timer)
        return Reply(context.words.say("restored", count=len(timers), timers=_listed(timers, context)))

    return undo


def _each_again(act: Callable[[str], Awaitable[Timer]], timers: Sequence[Timer], context: SkillContext) -> Undo:
    async def undo() -> Reply:
        for timer in timers:
            await act(timer.id)
        return Reply(context.words.say("restored", count=len(timers), timers=_listed(timers, context)))

    return undo
