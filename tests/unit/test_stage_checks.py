"""What selfcheck finds out about each stage when no voice loop runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from vesper.base.clock import VirtualClock
from vesper.base.errors import Missing
from vesper.base.events import UnwantedWakes
from vesper.base.paths import user_paths
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted.devices import ScriptedDevices
from vesper.engines.scripted.hearing import ScriptedVoiceActivityDetector, ScriptedWakeWordDetector
from vesper.ports.engine import Probe
from vesper.selfcheck import Check
from vesper.stage_checks import StageEngines, stage_checks

UNWANTED = UnwantedWakes(last_hour=7, usual=1.0, sentence="Woken 7 times for nothing.", hint="Choose another phrase.")


class Child:
    """An engine in a child process: opened, asked, closed."""

    async def open(self) -> None:
        return None

    async def close(self) -> None:
        return None

    async def probe(self) -> Probe:
        return Probe("ok", "said a word")


class Understanding:
    """A responder that knows two intents."""

    intents = ("clock.time", "timer.set")

    async def ready(self) -> Understanding:
        return self


async def storage() -> Probe:
    return Probe("ok", "vesper.db")


@pytest.fixture
def settings(vesper_home: Path) -> SettingsFile:
    return SettingsFile(user_paths(vesper_home).settings_file)


@pytest.fixture
def devices() -> ScriptedDevices:
    return ScriptedDevices(clock=VirtualClock(), is_fast=True)


@pytest.fixture
def checks(settings: SettingsFile, devices: ScriptedDevices) -> dict[str, Check]:
    engines = StageEngines(
        devices, ScriptedWakeWordDetector, ScriptedVoiceActivityDetector, cast(Any, Child), cast(Any, Child())
    )
    responder = cast(Any, Understanding())
    return stage_checks(
        engines, settings=settings, responder=responder, storage=storage, voice=None, wakes=lambda: UNWANTED
    )


@pytest.mark.parametrize(
    ("stage", "detail"),
    [
        ("microphone", "Script microphone, -66 dBFS"),
        ("wake", "okay nabu. Woken 7 times for nothing."),
        ("vad", "loudness"),
        ("stt", "said a word"),
        ("understanding", "2 intents"),
        ("storage", "vesper.db"),
        ("tts", "said a word"),
        ("speaker", "Script speaker"),
    ],
)
async def test_a_stage_that_works_says_what_it_is(checks: dict[str, Check], stage: str, detail: str) -> None:
    found = await checks[stage]()
    assert (found.state, found.detail) == ("ok", detail)


async def test_advice_on_unwanted_wakes_is_a_hint_and_no_problem(checks: dict[str, Check]) -> None:
    found = await checks["wake"]()
    assert (found.state, found.hint) == ("ok", "Choose another phrase.")


async def test_a_muted_microphone_is_off_and_not_opened(
    checks: dict[str, Check], settings: SettingsFile, devices: ScriptedDevices
) -> None:
    settings.apply("audio.muted", True)
    devices.unplug()
    assert (await checks["microphone"]()).state == "off"


async def test_a_microphone_that_delivers_only_zeros_is_a_problem(
    checks: dict[str, Check], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vesper.engines.scripted.devices._NOISE", np.zeros(65_537, np.float32))
    found = await checks["microphone"]()
    assert (found.state, "silence only" in found.detail) == ("problem", True)


async def test_a_missing_microphone_is_raised_with_what_to_do(
    checks: dict[str, Check], devices: ScriptedDevices
) -> None:
    devices.unplug()
    with pytest.raises(Missing):
        await checks["microphone"]()


async def test_the_models_that_come_with_vesper_are_verified_file_by_file(checks: dict[str, Check]) -> None:
    found = await checks["models"]()
    assert found.state == "ok"
    assert "verified" in found.detail
