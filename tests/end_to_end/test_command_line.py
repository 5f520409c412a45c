"""`vesper` as a stranger types it: every mistake ends with one calm sentence, what to do, and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MISTAKES = [
    ("nonsense", 2, "No such command 'nonsense'. See `vesper --help`."),
    ("ask", 2, "Missing argument 'TEXT...'. See `vesper ask --help`."),
    ("ask --loud hello", 2, "No such option '--loud'. See `vesper ask --help`."),
    ("settings get voice.speed", 2, 'There is no setting "voice.speed". `vesper settings list` shows all of them.'),
    ("settings set voice.rate fast", 2, '"fast" is no value for voice.rate. It is a whole number from 80 to 400.'),
    ("settings set window.theme pink", 2, '"pink" is no value for window.theme. It is one of system, dusk, dawn.'),
    ("settings set audio.muted maybe", 2, '"maybe" is no value for audio.muted. It is true or false.'),
    (
        "settings set wake.phrases computer",
        2,
        'Vesper cannot listen for "computer". It knows "okay nabu", "hey jarvis", "hey mycroft", "alexa".',
    ),
    ("listen --fast", 2, "--fast needs --wav FILE. See `vesper listen --help`."),
    ("listen --wav none.wav", 1, 'There is no file "none.wav". Check its name.'),
    ("turns --last 0", 2, "Invalid value for '--last': 0 is not in the range 1<=x<=200. See `vesper turns --help`."),
    ("--talk", 3, "Vesper is not running. Start it with `vesper`."),
]


def vesper(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in an empty folder of its own."""
    home.mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "vesper", *words],
        cwd=home,
        env={**env, "VESPER_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("words", "code", "sentence"), MISTAKES)
def test_a_mistake_is_told_in_one_line_on_stderr(words: str, code: int, sentence: str, tmp_path: Path) -> None:
    done = vesper(tmp_path / "home", *words.split())
    assert (done.returncode, done.stdout, done.stderr) == (code, "", sentence + "\n")


def test_a_mistake_is_json_on_stdout_alone_where_json_is_wanted(tmp_path: Path) -> None:
    done = vesper(tmp_path / "home", "--json", "settings", "get", "voice.speed")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, done.stderr, error["code"]) == (2, "", "settings.unknown")
    assert set(error) == {"code", "sentence", "hint"}


def test_a_setting_is_changed_shown_and_listed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert vesper(home, "settings", "set", "wake.phrases", "alexa").stdout == 'wake.phrases = ["alexa"]\n'
    assert json.loads(vesper(home, "settings", "get", "wake.phrases", "--json").stdout) == {"wake.phrases": ["alexa"]}
    listed = vesper(home, "settings", "list").stdout.splitlines()
    assert next(line for line in listed if line.startswith("wake.phrases ")).split()[1] == '["alexa"]'


def test_a_question_is_answered_in_another_home(tmp_path: Path) -> None:
    done = vesper(tmp_path / "home", "ask", "what day is it", "--home", str(tmp_path / "other"), "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["intents"][0]["intent"]) == (0, "clock.date")
    assert (tmp_path / "other" / "vesper.db").exists()
    assert list((tmp_path / "home").iterdir()) == []


def test_speech_goes_into_a_file_and_a_bad_place_is_told(tmp_path: Path) -> None:
    home, sound = tmp_path / "home", tmp_path / "hello.wav"
    done = vesper(home, "say", "hello", "--out", str(sound), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"text": "hello", "out": str(sound)})
    assert sound.read_bytes()[:4] == b"RIFF"
    refused = vesper(home, "say", "hello", "--out", str(home / "none" / "x.wav"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "could not be written" in refused.stderr


def test_the_last_turns_are_a_table(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert vesper(home, "turns").stdout == "No turns yet.\n"
    vesper(home, "ask", "what day is it")
    head, turn = vesper(home, "turns").stdout.splitlines()
    assert head.split()[:4] == ["started", "opened", "by", "outcome"]
    assert turn.split()[1:3] == ["typed", "answered"]


def test_control_words_import_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys; sys.argv[1:] = ['--talk']; import vesper.cli.main as m\ntry: m.main()\n"
    code += "except SystemExit: print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "VESPER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    for heavy in ("numpy", "pydantic", "hassil", "yaml", "PySide6", "vesper.assembly"):
        assert f"'{heavy}'" not in done.stdout
