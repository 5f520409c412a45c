"""Which Python is chosen for the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.interpreters import candidates, fits, own


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_vesper_runs_on_three_versions(version: tuple[int, int]) -> None:
    assert fits(version, "linux", "x86_64")


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14), (2, 7)])
def test_and_on_no_others(version: tuple[int, int]) -> None:
    assert not fits(version, "linux", "x86_64")


def test_arm_linux_leaves_out_the_version_without_a_recogniser() -> None:
    assert not fits((3, 12), "linux", "aarch64")
    assert fits((3, 12), "darwin", "arm64")


def test_its_own_interpreter_is_taken_outside_of_environments() -> None:
    chosen = own()
    assert chosen is not None
    assert ".venv" not in chosen


def test_pyenv_is_searched_newest_patch_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for patch in ("3.12.2", "3.12.10", "3.13.1"):
        binary = tmp_path / "versions" / patch / "bin" / f"python{patch.rpartition('.')[0]}"
        binary.parent.mkdir(parents=True)
        binary.touch()
    assert [Path(path).parts[-3] for path in candidates((3, 12), tmp_path)] == ["3.12.10", "3.12.2"]
