"""Starting at login: what is written for each system."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from vesper.base.errors import StorageFailed
from vesper_desktop.login_start import FileLoginStart, desktop_entry, is_entry_on, launch_agent

COMMAND = ("/opt/my python/bin/python", "-m", "vesper", "run", "--hidden")


def test_the_autostart_entry_starts_vesper_hidden_also_from_a_folder_with_blanks() -> None:
    lines = desktop_entry(COMMAND).splitlines()
    assert lines[0] == "[Desktop Entry]"
    assert 'Exec="/opt/my python/bin/python" -m vesper run --hidden' in lines


def test_a_percent_sign_is_no_field_code() -> None:
    assert "Exec=/opt/100%%/python" in desktop_entry(("/opt/100%/python",))


def test_the_launch_agent_runs_the_same_command() -> None:
    assert plistlib.loads(launch_agent(COMMAND))["ProgramArguments"] == list(COMMAND)


@pytest.mark.parametrize("line", ["Hidden=true", "Hidden = True", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_another_program_switched_off_is_off(line: str) -> None:
    entry = desktop_entry(COMMAND)
    assert is_entry_on(entry)
    assert not is_entry_on(entry.replace("X-GNOME-Autostart-enabled=true", line))


def test_it_is_switched_on_and_off_in_a_folder_that_was_not_there(tmp_path: Path) -> None:
    start = FileLoginStart(tmp_path / "autostart" / "vesper.desktop", desktop_entry(COMMAND).encode())
    assert not start.is_on()
    start.switch(True)
    assert start.is_on()
    start.switch(False)
    start.switch(False)
    assert not start.is_on()


def test_a_refusal_says_where(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("in the way")
    start = FileLoginStart(tmp_path / "autostart" / "vesper.desktop", b"")
    with pytest.raises(StorageFailed) as refused:
        start.switch(True)
    assert str(tmp_path) in refused.value.hint
