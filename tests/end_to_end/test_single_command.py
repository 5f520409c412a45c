"""A command where no Vesper runs: it answers by itself, opens only what it needs, and what it keeps is there later."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from vesper.base.errors import WrongUsage
from vesper.base.paths import user_paths
from vesper.single_command import SingleCommand

_WHAT_IS_IMPORTED = """
import asyncio, json, sys
from vesper.base.paths import user_paths
from vesper.cli.main import words
from vesper.single_command import SingleCommand

async def ask():
    command = SingleCommand(user_paths(sys.argv[1]))
    answer = await command.ask(sys.argv[2])
    assert await command.close() == []
    print(json.dumps([answer["intents"][0]["intent"], sorted(sys.modules)]))

asyncio.run(ask())
"""


def imported_for(home: Path, text: str) -> tuple[str, set[str]]:
    """The intent of a sentence asked in a fresh process, and every module that process imported."""
    command = [sys.executable, "-c", _WHAT_IS_IMPORTED, str(home), text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    intent, modules = json.loads(done.stdout)
    return intent, set(modules)


async def call(home: Path, name: str, /, **args: object) -> object:
    """One call by a command of its own, as `vesper` makes it."""
    command = SingleCommand(user_paths(home))
    try:
        return await command.calls[name](**args)
    finally:
        assert await command.close() == []


async def test_a_question_about_the_time_opens_nothing_heavy(tmp_path: Path) -> None:
    await call(tmp_path, "turns")  # the first one makes the file
    intent, modules = imported_for(tmp_path, "what time is it")
    assert intent == "clock.time"
    assert modules.isdisjoint({"sqlmodel", "sqlalchemy", "alembic", "numpy", "keyring", "PySide6.QtCore"})


async def test_a_question_leaves_its_trace_without_its_words(tmp_path: Path) -> None:
    for text in ("what time is it", "what day is it", "sing me something"):
        await call(tmp_path, "ask", text=text)
    traces = await call(tmp_path, "turns", last=2)
    assert isinstance(traces, list)
    assert [trace["outcome"] for trace in traces] == ["answered", "unclaimed"]
    assert [trace["intents"] for trace in traces] == [["clock.date"], []]
    assert "sing" not in json.dumps(traces)


async def test_a_timer_is_there_for_the_next_command(tmp_path: Path) -> None:
    await call(tmp_path, "ask", text="set a tea timer for two hours")
    answer = await call(tmp_path, "ask", text="how much time is left on the tea timer")
    assert isinstance(answer, dict)
    assert "1 hour" in answer["answer"] or "2 hours" in answer["answer"]


async def test_a_question_is_answered_by_the_next_command(tmp_path: Path) -> None:
    asked = await call(tmp_path, "ask", text="set a timer")
    assert isinstance(asked, dict) and asked["needs"]["kind"] == "fill"
    answered = await call(tmp_path, "ask", text="five minutes", session=asked["session"])
    assert isinstance(answered, dict)
    assert [found["slots"] for found in answered["intents"]] == [{"duration": "PT5M"}]
    assert answered["needs"] is None


async def test_settings_need_nothing_but_their_file(tmp_path: Path) -> None:
    assert await call(tmp_path, "set_setting", name="voice.rate", value="200") == {"value": 200, "applies": "now"}
    assert await call(tmp_path, "get_setting", name="voice.rate") == 200
    assert await asyncio.to_thread(lambda: [path.name for path in tmp_path.iterdir()]) == ["settings.toml"]


async def test_a_language_that_vesper_does_not_have_is_refused_and_locks_nobody_out(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match='"xx"'):
        await call(tmp_path, "set_setting", name="general.language", value="xx")
    await asyncio.to_thread((tmp_path / "settings.toml").write_text, '[general]\nlanguage = "xx"\n')
    assert await call(tmp_path, "get_setting", name="general.language") == "en"
