"""The groundwork's settings: what no engine can do is no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from vesper.base.errors import WrongUsage
from vesper.base.paths import user_paths
from vesper.base.settings_file import SettingsFile
from vesper.engines.scripted import SCRIPTED
from vesper.groundwork import open_settings


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return open_settings(user_paths(tmp_path), SCRIPTED)


def test_a_wake_phrase_that_is_heard_is_taken(settings: SettingsFile) -> None:
    assert settings.apply("wake.phrases", ["hey jarvis"]) == ("hey jarvis",)


def test_a_wake_phrase_that_nobody_hears_is_refused_with_those_that_are_heard(settings: SettingsFile) -> None:
    with pytest.raises(WrongUsage) as refused:
        settings.apply("wake.phrases", ["hey jarvis", "computer"])
    assert refused.value.code == "wake.unknown_phrase"
    assert '"computer"' in refused.value.sentence
    assert '"okay nabu"' in refused.value.hint
    assert settings.get("wake.phrases") == ("okay nabu",), "nothing was changed"


def test_no_wake_phrase_at_all_is_a_choice(settings: SettingsFile) -> None:
    assert settings.apply("wake.phrases", []) == ()
