"""What can you do."""

from __future__ import annotations

import re

from tests.support.conversation import conversation, templates
from vesper.skills.builtin.guide import Guide
from vesper.understanding.intents import Risk


async def test_it_names_sentences_that_work_and_others_the_next_time() -> None:
    async with conversation() as talk:
        first = re.findall("“([^”]+)”", await talk.say("what can you do"))
        second = re.findall("“([^”]+)”", await talk.say("what else can you do"))

    assert len(first) == len(second) == 4
    assert not set(first) & set(second)
    assert all(templates().match(sentence).matches for sentence in first + second)


async def test_it_goes_round_and_never_runs_out() -> None:
    async with conversation() as talk:
        for _ in range(20):
            assert "“" in await talk.say("what can i say")


async def test_without_any_skill_it_says_so() -> None:
    async with conversation(skills=(Guide,)) as talk:
        assert await talk.say("help") == "You could say “what can you do”."


def test_it_changes_nothing() -> None:
    assert [spec.risk for spec in Guide.intents] == [Risk.READ]
