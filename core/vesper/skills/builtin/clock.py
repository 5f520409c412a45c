"""The time, time zones and dates, here and anywhere."""

from __future__ import annotations

import asyncio
import string
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vesper.base.clock import local_now
from vesper.base.language import load_language
from vesper.skills.skill import Reply, Skill, SkillContext, Slots, handles
from vesper.understanding.intents import IntentSpec
from vesper.understanding.places import FoundPlace, places_of, zone_count
from vesper.understanding.quantities.dates import DayReader, day_reader

_WEEK = 7


class Clock(Skill):
    """Reads the clock and the calendar; changes nothing."""

    name = "clock"
    intents = (
        IntentSpec("clock.time", ("place",)),
        IntentSpec("clock.zone", ("place",)),
        IntentSpec("clock.date", ("day", "place", "ask")),
    )

    @handles("clock.time")
    async def time(self, slots: Slots, context: SkillContext) -> Reply:
        """The time of day here, or where the slot `place` says; with the weekday where it is another day there."""
        here = local_now(context.clock)
        if "place" not in slots:
            return Reply(context.words.say("time", time=context.words.time(here)))
        found = _find(slots, context)
        if found is None:
            return _unknown(slots, context)
        there = here.astimezone(await _zone(found))
        values = {"time": context.words.time(there), "place": found.shown}
        if found.place.is_country and zone_count(found.place.country) > 1:
            return Reply(context.words.say("time_capital", weekday=context.words.weekday(there), **values))
        if there.date() == here.date():
            return Reply(context.words.say("time_there", **values))
        return Reply(context.words.say("time_there_other_day", weekday=context.words.weekday(there), **values))

    @handles("clock.zone")
    async def zone(self, slots: Slots, context: SkillContext) -> Reply:
        """The time zone here or there, and how far it is from the user's."""
        here = local_now(context.clock)
        if "place" not in slots:
            return Reply(context.words.say("zone_here", zone=_zone_name(here)))
        found = _find(slots, context)
        if found is None:
            return _unknown(slots, context)
        there = here.astimezone(await _zone(found))
        difference = _difference(_offset(there) - _offset(here), context)
        return Reply(
            context.words.say(
                "zone", place=found.shown[0].upper() + found.shown[1:], zone=_zone_name(there), difference=difference
            )
        )

    @handles("clock.date")
    async def date(self, slots: Slots, context: SkillContext) -> Reply:
        """Today's date, the date of a day, or how far away a day is (slot `ask`: until, weeks or since)."""
        found = _find(slots, context) if "place" in slots else None
        if "place" in slots and found is None:
            return _unknown(slots, context)
        zone = await _zone(found) if found else context.clock.local_zone()
        today = context.clock.now().astimezone(zone).date()
        if "day" in slots:
            return _named_day(str(slots["day"]), str(slots.get("ask", "")), today, context=context)
        said = context.words.date(today)
        if found is None:
            return Reply(context.words.say("date", date=said))
        return Reply(context.words.say("date_there", date=said, place=found.shown))


def _named_day(phrase: str, ask: str, today: date, *, context: SkillContext) -> Reply:
    reader = day_reader(load_language(context.language))
    day = reader.day(phrase, today) if ask != "since" else reader.past_day(phrase, today)
    if day is None:
        return Reply(context.words.say("unclear_day", day=phrase), is_ok=False)
    name, said = _day_name(phrase, reader), context.words.date(day)
    count = abs((day - today).days)
    weeks, days = divmod(count, _WEEK)
    key = _day_answer(ask, (day > today) - (day < today), has_name=bool(name), weeks=weeks, days=days)
    shown = context.words.say("named_day", name=name, date=said) if name else said
    return Reply(context.words.say(key, name=name, date=said, day=shown, count=count, weeks=weeks, days=days))


def _day_answer(ask: str, direction: int, *, has_name: bool, weeks: int, days: int) -> str:
    """Which answer fits: by what was asked, and whether the day lies before (-1), on (0) or after (1) today."""
    if direction == 0:
        return "today"
    if ask and direction < 0:
        return "since"
    if ask == "weeks" and weeks:
        return "weeks_until" if days else "whole_weeks_until"
    if ask:
        return "until"
    key = "day" if has_name else "date_only"
    return key if direction > 0 else f"{key}_past"


def _day_name(phrase: str, reader: DayReader) -> str:
    """The day's own name as it is written ("Christmas Eve", "Tomorrow"); "" for a plain date."""
    if reader.is_holiday(phrase):
        return string.capwords(reader.holiday_name(phrase))
    return phrase.capitalize() if reader.is_near(phrase) else ""


def _find(slots: Slots, context: SkillContext) -> FoundPlace | None:
    return places_of(load_language(context.language)).find(str(slots["place"]))


async def _zone(found: FoundPlace) -> ZoneInfo:
    """The place's time zone; the zone's file is read in a thread, once a run."""
    return await asyncio.to_thread(ZoneInfo, found.place.zone_name)


def _unknown(slots: Slots, context: SkillContext) -> Reply:
    return Reply(context.words.say("unknown_place", place=string.capwords(str(slots["place"]))), is_ok=False)


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _zone_name(moment: datetime) -> str:
    """ "UTC+1 (CET)", or "UTC+5:30" where the zone has no letters of its own."""
    minutes = round(_offset(moment).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = "UTC" + (f"{'-' if minutes < 0 else '+'}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")
    letters = moment.tzname() or ""
    return f"{offset} ({letters})" if letters.isalpha() and letters != "UTC" else offset


def _difference(apart: timedelta, context: SkillContext) -> str:
    if not apart:
        return context.words.say("same")
    length = context.words.duration(abs(apart.total_seconds()))
    return context.words.say("ahead" if apart > timedelta() else "behind", length=length)
