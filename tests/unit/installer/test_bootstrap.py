"""The command line of the bootstrap, and when a window can open."""

from __future__ import annotations

import pytest

from installer.bootstrap import has_display, main, parse, wants_window


@pytest.mark.parametrize("words", [["--yes", "test"], ["test", "--yes"]])
def test_yes_stands_before_or_after_the_word(words: list[str]) -> None:
    assert parse(words).yes
    assert parse(words).word == "test"


def test_run_hands_on_what_it_does_not_know() -> None:
    known = parse(["run", "--headless", "--yes", "--home", "there"])
    assert known.rest == ["--headless", "--home", "there"]
    assert known.yes


def test_help_is_its_own_but_after_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["run", "--help"]).rest == ["--help"]
    with pytest.raises(SystemExit) as end:
        parse(["--help"])
    assert end.value.code == 0
    assert "run,test,setup" in capsys.readouterr().out


def test_test_takes_long() -> None:
    assert parse(["test", "--long"]).long
    assert not parse(["test"]).long


@pytest.mark.parametrize("words", [["test", "--headless"], ["run", "--long"], ["setup", "now"], ["dance"], []])
def test_what_makes_no_sense_is_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words)
    assert end.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("rest", [["--headless"], ["--hidden", "--headless"], ["--help"]])
def test_words_that_open_no_window(rest: list[str]) -> None:
    assert not wants_window(rest)


@pytest.mark.parametrize("rest", [[], ["--hidden"], ["--debug"]])
def test_words_that_open_one(rest: list[str]) -> None:
    assert wants_window(rest)


def test_only_linux_can_be_without_a_display() -> None:
    assert has_display("darwin", {})
    assert has_display("win32", {})
    assert has_display("linux", {"DISPLAY": ":0"})
    assert has_display("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert not has_display("linux", {})


def test_without_display_and_terminal_run_says_so_and_names_the_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["run"]) == 3
    told = capsys.readouterr().err
    assert "There is no display here" in told
    assert "run --headless" in told
