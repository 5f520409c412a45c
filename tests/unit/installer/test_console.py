"""What is asked, what is taken for granted, and what a failed step says."""

from __future__ import annotations

import sys

import pytest

from installer.console import Console, Failed


class Terminal:
    """A stdin that a person sits at."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._answer + "\n"


def given_terminal(monkeypatch: pytest.MonkeyPatch, answer: str = "") -> None:
    """Someone at a terminal who will answer this."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


@pytest.mark.parametrize(("answer", "agreed"), [("", True), ("y", True), ("YES", True), ("n", False), ("what", False)])
def test_at_a_terminal_it_asks(answer: str, agreed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    given_terminal(monkeypatch, answer)
    assert Console().agrees("Shall it?") is agreed


def test_yes_is_taken_for_granted_when_it_was_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    given_terminal(monkeypatch, "n")
    assert Console(assume_yes=True).agrees("Shall it?")


def test_without_a_terminal_nobody_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert not Console(assume_yes=True).agrees("Shall it?")


@pytest.mark.parametrize(("ci", "asks_nothing"), [("true", True), ("1", True), ("", False), ("false", False)])
def test_ci_asks_nothing(ci: str, asks_nothing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    assert Console().asks_nothing is asks_nothing


def test_a_failed_step_shows_its_last_lines_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Failed) as failure:
        Console().step("Mooring", [sys.executable, "-c", "print('no rope'); raise SystemExit(1)"], hint="Bring rope.")
    assert failure.value.sentence == "Mooring failed."
    assert failure.value.hint == "Bring rope."
    assert "no rope" in capsys.readouterr().err


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(Failed, match="no-such-program could not be started"):
        Console().step("Mooring", ["no-such-program"])


def test_a_step_that_went_well_is_one_line_with_its_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    Console().step("Mooring", [sys.executable, "-c", "print('rope')"])
    told = capsys.readouterr().err
    assert "✓ Mooring (" in told
    assert "rope" not in told
