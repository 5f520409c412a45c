"""When the environment is made anew, and what goes into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer import environment
from installer.environment import digest, levels, program, python_version


def test_tests_once_brought_stay() -> None:
    assert levels(with_tests=False, before="") == ["build", "run"]
    assert levels(with_tests=True, before="") == ["build", "run", "test"]
    assert levels(with_tests=False, before="build+run+test:abc") == ["build", "run", "test"]
    assert levels(with_tests=False, before="build+run:testing") == ["build", "run"]


def test_the_stamp_changes_with_any_file_or_word(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("one")
    first = digest([lock], "3.11.7")
    assert digest([lock], "3.11.7") == first
    assert digest([lock], "3.12.1") != first
    lock.write_text("two")
    assert digest([lock], "3.11.7") != first


@pytest.mark.parametrize("line", ["version_info = 3.11.7", "version = 3.11.7"])
def test_the_version_of_an_environment_is_read_from_its_own_file(line: str, tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").write_text(f"home = /usr/bin\n{line}\n")
    assert python_version(tmp_path) is None, "no interpreter in it: it does not work"
    program("python", tmp_path).parent.mkdir()
    program("python", tmp_path).touch()
    assert python_version(tmp_path) == "3.11.7"


def test_no_environment_has_no_version(tmp_path: Path) -> None:
    assert python_version(tmp_path) is None


def test_every_lock_is_there_and_every_line_of_it_is_hashed() -> None:
    for lock in environment.LOCKS.values():
        text = lock.read_text(encoding="utf-8")
        entries = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert entries
        assert all("==" in line and line.endswith("\\") for line in entries)
        assert "://" not in text


def test_what_pip_brings_is_one_pinned_uv() -> None:
    entries = [line for line in environment.UV_PIN.read_text(encoding="utf-8").splitlines() if "==" in line]
    assert len(entries) == 1
    assert entries[0].startswith("uv==")
