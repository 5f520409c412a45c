"""The steps of `test`: fast ones first, everyday or full counts."""

from __future__ import annotations

from pathlib import Path

from installer.checks import steps


def given_tests(root: Path, *folders: str) -> Path:
    """A repository with one test in each of these folders."""
    for folder in folders:
        (root / "tests" / folder).mkdir(parents=True)
        (root / "tests" / folder / "test_one.py").touch()
    return root


def test_checks_without_running_anything_come_first(tmp_path: Path) -> None:
    root = given_tests(tmp_path, "unit", "desktop", "end_to_end", "crash")
    assert [step.title for step in steps(False, root)] == [
        "format", "lint", "layers", "types", "unit", "desktop", "end to end", "crash",
    ]  # fmt: skip


def test_unit_tests_run_beside_each_other_and_what_needs_a_sound_card_does_not(tmp_path: Path) -> None:
    found = {step.title: step.command for step in steps(False, given_tests(tmp_path, "unit", "contract", "end_to_end"))}
    assert found["unit"] == ("pytest", "-q", "-n", "2", "tests/unit", "tests/contract")
    assert "-n" not in found["end to end"]


def test_long_asks_every_test_for_the_full_counts(tmp_path: Path) -> None:
    root = given_tests(tmp_path, "unit", "crash")
    assert all("--long" in step.command for step in steps(True, root) if step.command[0] == "pytest")
    assert not any("--long" in step.command for step in steps(False, root))
