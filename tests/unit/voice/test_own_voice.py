"""A skill turns Vesper's volume and speed within the bounds of the settings."""

from __future__ import annotations

import asyncio

import pytest

from vesper.base.paths import user_paths
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner
from vesper.voice.own_voice import Dial, OwnVoice


@pytest.mark.parametrize(
    ("dial", "wish", "becomes"),
    [("volume", 55, 55), ("volume", 140, 100), ("volume", -5, 0), ("rate", 1000, 400), ("rate", 10, 80)],
)
async def test_a_dial_is_kept_within_its_bounds_and_saved(
    settings: SettingsFile, dial: Dial, wish: int, becomes: int
) -> None:
    owner = TaskOwner("test")
    voice = OwnVoice(settings, owner, lambda: False)
    assert voice.set(dial, wish) == becomes
    assert voice.get(dial) == becomes
    await owner.drain()
    read_again = await asyncio.to_thread(SettingsFile, user_paths().settings_file)
    assert read_again.get(f"voice.{dial}") == becomes


def test_stopping_is_silence_and_says_whether_anything_was_said(settings: SettingsFile) -> None:
    assert OwnVoice(settings, TaskOwner("test"), lambda: True).stop()
    assert not OwnVoice(settings, TaskOwner("test"), lambda: False).stop()
