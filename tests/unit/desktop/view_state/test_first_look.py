"""The few settings that are read before the first paint."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from vesper.base.settings import Settings
from vesper.base.settings_file import SettingsFile
from vesper_desktop.view_state.first_look import WindowPreferences, read_preferences


def test_they_are_settings_with_the_same_defaults() -> None:
    for field in fields(WindowPreferences):
        section, _, name = field.name.partition("_")
        assert getattr(getattr(Settings(), section), name) == getattr(WindowPreferences(), field.name)


def test_they_are_read_as_the_settings_file_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings = SettingsFile(path)
    settings.set("window.theme", "dawn")
    settings.set("general.first_run_done", True)
    settings.set("wake.phrases", ["hey jarvis", "alexa"])
    read = read_preferences(path)
    assert (read.window_theme, read.general_first_run_done, read.wake_phrases) == (
        "dawn",
        True,
        ("hey jarvis", "alexa"),
    )


def test_a_file_that_makes_no_sense_gives_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert read_preferences(path) == WindowPreferences()
    path.write_text("window = 3\n[general]\nfirst_run_done = 'maybe'\nunknown = 1\n")
    assert read_preferences(path) == WindowPreferences()
    path.write_bytes(b"\xff\xfe not toml")
    assert read_preferences(path) == WindowPreferences()
