"""The settings page comes from the settings' own schema."""

from __future__ import annotations

from pathlib import Path

from vesper.base.settings_file import SettingsFile
from vesper_desktop.view_state.settings_form import REMEMBERED, FormField, form, ranked_anew


def fields_of(tmp_path: Path) -> dict[str, FormField]:
    infos = SettingsFile(tmp_path / "settings.toml").infos()
    return {field.name: field for section in form(infos) for field in section.fields}


def test_each_kind_of_setting_gets_the_control_that_fits(tmp_path: Path) -> None:
    fields = fields_of(tmp_path)
    kinds = {
        name: fields[name].kind
        for name in (
            "audio.muted",
            "wake.sensitivity",
            "voice.rate",
            "listening.longest_s",
            "wake.phrases",
            "voice.voice",
            "audio.input_device",
            "general.language",
        )
    }
    assert list(kinds.values()) == [
        "switch",
        "choice",
        "whole",
        "decimal",
        "phrases",
        "voice",
        "input_device",
        "language",
    ]


def test_bounds_choices_and_restarts_come_along(tmp_path: Path) -> None:
    fields = fields_of(tmp_path)
    assert (fields["voice.rate"].lowest, fields["voice.rate"].highest) == (80, 400)
    assert fields["wake.sensitivity"].choices == ("strict", "normal", "keen")
    assert fields["general.language"].needs_restart
    assert not fields["voice.rate"].needs_restart


def test_what_vesper_only_remembers_has_no_row_and_all_else_has(tmp_path: Path) -> None:
    names = {info.name for info in SettingsFile(tmp_path / "settings.toml").infos()}
    assert set(fields_of(tmp_path)) == names - REMEMBERED
    assert names >= REMEMBERED


def test_a_device_that_is_chosen_goes_to_the_top_of_the_list() -> None:
    assert ranked_anew((), "Desk") == ("Desk",)
    assert ranked_anew(("Desk",), "Laptop") == ("Laptop", "Desk")
    assert ranked_anew(("Laptop", "Desk"), "Desk") == ("Desk", "Laptop")
    assert ranked_anew(("Laptop", "Desk"), "") == ()
