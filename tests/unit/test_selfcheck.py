"""Selfcheck asks every stage, at once, and a stage that breaks is a finding and no failure."""

from __future__ import annotations

from vesper.base.errors import Missing
from vesper.ports.engine import Probe
from vesper.selfcheck import STAGES, run_selfcheck


async def fine() -> Probe:
    return Probe("ok", "42 models")


async def off() -> Probe:
    return Probe("off", "switched off")


async def missing() -> Probe:
    raise Missing("voice.missing", "No voice is installed.", "Install espeak-ng.")


async def broken() -> Probe:
    raise ZeroDivisionError


async def test_every_stage_is_there_in_the_order_of_a_turn() -> None:
    result = await run_selfcheck({"models": fine})
    assert [stage["stage"] for stage in result["stages"]] == list(STAGES)
    states = {stage["stage"]: stage["state"] for stage in result["stages"]}
    assert states["models"] == "ok"
    assert states["camera"] == "off"


async def test_a_stage_that_is_off_is_no_problem() -> None:
    assert (await run_selfcheck({"microphone": off, "models": fine}))["ok"]


async def test_what_is_missing_is_told_with_what_to_do() -> None:
    result = await run_selfcheck({"tts": missing, "models": fine})
    [tts] = [stage for stage in result["stages"] if stage["stage"] == "tts"]
    assert not result["ok"]
    assert (tts["state"], tts["detail"], tts["hint"]) == ("problem", "No voice is installed.", "Install espeak-ng.")
    assert tts["ms"] >= 0


async def test_a_bug_in_one_check_leaves_the_others_alone() -> None:
    states = {s["stage"]: s["state"] for s in (await run_selfcheck({"wake": broken, "models": fine}))["stages"]}
    assert (states["wake"], states["models"]) == ("problem", "ok")
