"""Why didn't you answer: asked by voice of the real engines, in writing of a running Vesper, and where none runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.support.rig import Rig
from tests.support.running import listening, vesper
from tests.support.speech import Samples, bare, faint_noise, join, wake_and_speak, with_faint_noise, write_wav

HEARING_S = 100.0
WHY = "why didn't you answer"


def heard(path: Path, home: Path, *words: str) -> list[dict[str, Any]]:
    """The events of a recording, heard to its end."""
    done = vesper("listen", "--wav", str(path), "--json", *words, home=home, within=HEARING_S)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def wake_alone(text: str = "okay nabu", voice: str = "en-gb") -> Samples:
    return with_faint_noise(join([bare(text, voice, 150)], lead_s=1.0, tail_s=3.0))


def test_asked_by_voice_it_tells_of_the_wake_phrase_that_was_nearly_heard(tmp_path: Path, vesper_home: Path) -> None:
    nearly = wake_alone("o k nabi", "en-us+f3")  # a voice and words that the wake word does not quite take
    path = write_wav(tmp_path / "nearly.wav", np.concatenate([nearly, wake_and_speak(WHY)]))
    events = heard(path, vesper_home, "--fast", "--out", str(tmp_path / "answers"))
    assert len([e for e in events if e["event"] == "wake.heard"]) == 1, "the first was not heard"
    [answer] = [e["text"] for e in events if e["event"] == "answer.text"]
    told = re.match(r"I heard something like “okay nabu” \d+ seconds ago, .*scored (0\.\d\d) where (0\.\d\d)", answer)
    assert told, answer
    assert float(told[1]) < float(told[2])
    assert [e["outcome"] for e in events if e["event"] == "turn.finished"] == ["answered"]
    (spoken,) = (tmp_path / "answers").glob("*.wav")
    assert soundfile.info(spoken).duration > 5, "all of it is said aloud"


def test_asked_in_writing_a_running_vesper_tells_of_its_microphone(rig: Rig, vesper_home: Path) -> None:
    with listening(vesper_home, rig.env) as running:
        rig.say(faint_noise(0.5))
        assert running.send("--mute").returncode == 0
        running.until("listening.muted")
        muted = running.send("ask", WHY).stdout
        assert running.send("--unmute").returncode == 0
        running.until("listening.armed")
        opened = running.send("ask", WHY).stdout
    assert muted.startswith("The microphone has been switched off for ")
    assert opened.startswith("The microphone was switched off until ")


def test_where_none_runs_it_says_so_and_what_the_last_one_did(tmp_path: Path, vesper_home: Path) -> None:
    nobody = vesper("ask", WHY, home=vesper_home).stdout.strip()
    assert nobody == "Vesper is not running, so nobody is listening. Start it with `vesper`."
    path = write_wav(tmp_path / "alone.wav", np.concatenate([wake_alone(), faint_noise(12)]))
    events = heard(path, vesper_home)
    assert [e["last_hour"] for e in events if e["event"] == "wake.unwanted"] == [1]

    afterwards = vesper("ask", WHY, home=vesper_home).stdout.strip()
    assert afterwards.startswith(nobody)
    assert " ago" in afterwards.removeprefix(nobody), "the wake that brought nothing is told from the stored trace"

    stages = json.loads(vesper("selfcheck", "--json", home=vesper_home).stdout)["stages"]
    (wake,) = [stage for stage in stages if stage["stage"] == "wake"]
    assert wake["detail"].endswith("1 wake without a command in the last hour, usually 0.0.")
