"""Which system packages are wanted, which are missing, and the line that brings them."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from installer import system_packages
from installer.console import Console
from installer.system_packages import LIST, installed_on_debian, pasteable, read, system_name, wanted


def test_the_small_reader_agrees_with_the_real_one() -> None:
    text = LIST.read_text(encoding="utf-8")
    real = {
        f"{system}.{group}": table for system, groups in tomllib.loads(text).items() for group, table in groups.items()
    }
    assert read(text) == real


@pytest.mark.parametrize("line", ["[debian.run", "name = reason", 'name = "a', "[[x]]", 'early = "before any section"'])
def test_a_line_it_does_not_know_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        read(line)


def test_every_system_has_its_tables() -> None:
    tables = read(LIST.read_text(encoding="utf-8"))
    assert {"debian.run", "debian.test", "macos.run", "macos.test", "windows.run", "windows.test"} <= tables.keys()
    assert all(reason for table in tables.values() for reason in table.values())


def test_tests_need_more_than_a_start() -> None:
    tables = {"debian.run": {"sound": "to hear"}, "debian.test": {"display": "to look"}}
    assert list(wanted(tables, "debian", ("run",))) == ["sound"]
    assert list(wanted(tables, "debian", ("run", "test"))) == ["sound", "display"]


def test_installed_means_wholly_installed_or_provided() -> None:
    listing = "ii \tlibsound2t64\tlibsound2 (= 1.0), libolder\nrc \tremoved\t\nii \tplain\t\n"
    assert installed_on_debian(listing) == {"libsound2t64", "libsound2", "libolder", "plain"}


@pytest.mark.parametrize(
    ("platform", "has_apt", "system"),
    [("linux", True, "debian"), ("linux", False, "other"), ("darwin", False, "macos"), ("win32", False, "windows")],
)
def test_which_tables_apply(platform: str, has_apt: bool, system: str) -> None:
    assert system_name(platform, has_apt) == system


def test_the_line_to_paste_is_one_line() -> None:
    assert pasteable("debian", ["a", "b"]) == "sudo apt-get install -y --no-install-recommends a b"
    assert pasteable("macos", ["a", "b"]) == "brew install a b"
    assert pasteable("windows", ["A.A", "B.B"]) == "winget install --exact --id A.A && winget install --exact --id B.B"


def given_missing(monkeypatch: pytest.MonkeyPatch, *, is_root: bool, has_sudo: bool = False) -> list[list[str]]:
    """A Debian that lacks everything; returns the commands that would have been run."""
    run: list[list[str]] = []
    programs = {"dpkg-query", "apt-get"} | ({"sudo"} if has_sudo else set())
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(system_packages, "missing", lambda names, *_: list(names)[:2])
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name if name in programs else None)
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0 if is_root else 1000)
    monkeypatch.setattr(Console, "step", lambda _self, _title, command, **_: run.append(list(command)))
    monkeypatch.delenv("CI", raising=False)
    return run


def test_as_root_with_yes_they_are_installed_after_saying_what_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = given_missing(monkeypatch, is_root=True)
    system_packages.install_missing(Console(assume_yes=True), ("run",))
    assert [command[:2] for command in run] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "makes the environment Vesper lives in" in capsys.readouterr().err


def test_without_terminal_and_consent_nothing_is_installed_and_the_line_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = given_missing(monkeypatch, is_root=True)
    system_packages.install_missing(Console(), ("run",))
    assert run == []
    assert "sudo apt-get install -y --no-install-recommends python3-venv libportaudio2" in capsys.readouterr().err


@pytest.mark.parametrize("has_sudo", [True, False])
def test_without_root_the_line_is_told_and_the_rest_goes_on(
    has_sudo: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = given_missing(monkeypatch, is_root=False, has_sudo=has_sudo)
    monkeypatch.setattr(system_packages.subprocess, "call", lambda *_, **__: 1)
    system_packages.install_missing(Console(assume_yes=True), ("run",))
    assert run == []
    assert "sudo apt-get install" in capsys.readouterr().err


def test_sudo_that_asks_nothing_is_used_when_nothing_shall_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    run = given_missing(monkeypatch, is_root=False, has_sudo=True)
    monkeypatch.setattr(system_packages.subprocess, "call", lambda *_, **__: 0)
    system_packages.install_missing(Console(assume_yes=True), ("run",))
    assert [command[:3] for command in run] == [["sudo", "-n", "apt-get"]] * 2


def test_a_failed_installation_does_not_stop_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_missing(monkeypatch, is_root=True)

    def fails(_self: Console, title: str, _command: Any, **_: Any) -> None:
        raise system_packages.Failed(f"{title} failed.")

    monkeypatch.setattr(Console, "step", fails)
    system_packages.install_missing(Console(assume_yes=True), ("run",))
    assert "Going on without them" in capsys.readouterr().err
