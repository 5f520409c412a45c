"""`vesper eval commands` and `vesper eval reject`, from their words to their figures, with the real engines."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.support import speech
from vesper.base.paths import user_paths
from vesper.cli import evaluate_commands, evaluation_options
from vesper.cli.evaluate import evaluate
from vesper.cli.main import Context


def typed(*words: object) -> Result:
    return CliRunner().invoke(evaluate, [*map(str, words)], obj=Context(user_paths(), debug=False))


def clips(folder: Path) -> Path:
    """One recorded command, as a person says it."""
    speech.write_wav(
        folder / "said.wav", speech.with_faint_noise(speech.speak("set a timer for ten minutes", voice="en-us"))
    )
    file = folder / "clips.jsonl"
    file.write_text(json.dumps({"audio": "said.wav", "intent": "timer.set", "slots": {"duration": "PT10M"}}))
    return file


def test_a_recorded_command_is_understood_beside_a_context(tmp_path: Path, vesper_home: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"intents": {"feedPet": ["feed the {pet}"]}, "slots": {"pet": ["hamster"]}}')
    done = typed("commands", "--context", context, clips(tmp_path), "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures["accuracy"] == {"clean": 1.0}
    assert figures["taken_wrongly"] == {"clean": 0.0}


def test_a_command_where_none_should_be_is_claimed(tmp_path: Path, vesper_home: Path) -> None:
    done = typed("reject", clips(tmp_path), "--json")
    assert done.exit_code == 0, done.output
    [claim] = json.loads(done.stdout)["claims"]
    assert claim["intent"] == "timer.set"


def test_noise_and_its_ratio_need_each_other(tmp_path: Path, vesper_home: Path) -> None:
    for command in (evaluate_commands.commands, evaluate_commands.reject):
        assert {"noise", "snr_db"} <= {option.name for option in command.params}
    done = typed("reject", clips(tmp_path), "--snr", "10")
    assert done.exit_code == 2
    assert "need each other" in done.output
    assert evaluation_options.decibels("10") == "10"
