"""Talking with Vesper: said into the microphone of the rig, heard from its speaker, with the real engines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.rig import Rig
from tests.support.running import RunningVesper, listening
from tests.support.speech import RATE, Samples, bare, faint_noise, join, speak, wake_and_speak, with_faint_noise

GRAPH_S = 60.0
PAUSE_S = 0.4
"""Longer than any pause in an answer of one clause."""


@pytest.fixture(scope="module")
def ears(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningVesper]:
    """A Vesper that listens on the rig's microphone; the tests of this file talk to it one after the other."""
    home = tmp_path_factory.mktemp("voice") / "home"
    with listening(home, rig.env) as vesper:
        _wait_for_the_recogniser(vesper, rig)
        yield vesper


def _wait_for_the_recogniser(vesper: RunningVesper, rig: Rig) -> None:
    deadline = time.monotonic() + GRAPH_S
    while "stt" not in _working_stages(vesper):
        assert time.monotonic() < deadline, vesper.stderr
    vesper.pass_by(0.1)
    rig.say(faint_noise(0.2))


def _working_stages(vesper: RunningVesper) -> set[str]:
    stages = json.loads(vesper.send("selfcheck", "--json", within=GRAPH_S).stdout)["stages"]
    return {stage["stage"] for stage in stages if stage["state"] == "ok"}


def transcribed(samples: Samples) -> str:
    """The words in a sound, among those of Vesper's answers, as a keyword loop over the recogniser in the box.

    Only the last thing that sounded is heard: no chime, and not the long silence before the answer, which would be
    most of what the sound is normalised by.
    """
    from pocketsphinx import Decoder, get_model_path

    decoder = Decoder(hmm=get_model_path("en-us/en-us"), dict=get_model_path("en-us/cmudict-en-us.dict"), lm=None)
    decoder.add_jsgf_string("answers", ANSWERS)
    decoder.activate_search("answers")
    decoder.start_utt()
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    begins = loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > PAUSE_S * RATE)[-1]]
    answer = with_faint_noise(join([samples[begins : loud[-1] + 1]], lead_s=0.3, tail_s=0.3))
    pcm = (np.clip(answer, -1, 1) * 32767).astype("<i2").tobytes()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    return decoder.hyp().hypstr if decoder.hyp() else ""


ANSWERS = """#JSGF V1.0;
grammar answers;
public <answer> = <time> | <timer> | <sorry>;
<time> = it's <hour> [<minute>] ( a m | p m );
<hour> = one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve;
<minute> = [ oh ] <hour> | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen
  | ( twenty | thirty | forty | fifty ) [ <hour> ];
<timer> = your [ <hour> second ] timer is set for <hour> ( seconds | minutes | minute );
<sorry> = sorry i didn't catch that;
"""


@pytest.mark.parametrize("gap_s", [0.0, 0.3], ids=["in one breath", "with a pause"])
def test_the_time_is_asked_and_told(gap_s: float, ears: RunningVesper, rig: Rig) -> None:
    with rig.record() as recording:
        rig.say(wake_and_speak("what time is it", gap_s=gap_s))
        turn = ears.until("turn.finished")
    assert turn["outcome"] == "answered", ears.events
    assert recording.loudness > 0.03, ears.events[-12:]
    assert transcribed(recording.samples).startswith("it's")


def test_a_timer_set_by_voice_rings_and_is_stopped_by_voice(ears: RunningVesper, rig: Rig) -> None:
    rig.say(wake_and_speak("set a timer for ten seconds"))
    assert ears.until("turn.finished")["outcome"] == "answered"
    ears.until("timer.rang", within=15)
    with rig.record() as ringing:
        ears.pass_by(2.5)
    assert ringing.loudness > 0.02, "it rings audibly"
    for _ in range(4):  # between two bursts of the ringing it is surely heard
        rig.say(speak("stop", lead_s=0.1, tail_s=0.2))
        if any(e["event"] == "timer.stopped" for e in ears.pass_by(0.7)):
            break
    else:
        raise AssertionError(f"it was not stopped: {ears.events[-5:]}")
    with rig.record() as quiet:
        ears.pass_by(2.5)
    assert quiet.loudness < 0.005


def test_a_ringing_timer_is_stopped_by_the_control_word(ears: RunningVesper, rig: Rig) -> None:
    assert ears.send("ask", "set a timer for one second").returncode == 0
    ears.until("timer.rang", within=10)
    assert ears.send("--stop").returncode == 0
    ears.until("timer.stopped", within=3)
    with rig.record() as quiet:
        ears.pass_by(2.5)
    assert quiet.loudness < 0.005


def test_nothing_but_a_room_wakes_nobody(ears: RunningVesper, rig: Rig) -> None:
    rig.say(with_faint_noise(join([bare("the weather was fine yesterday", "en-us", 160)], lead_s=0.3, tail_s=0.5)))
    assert not [e for e in ears.pass_by(1.5) if e["event"] in {"wake.heard", "speech.started"}]


def test_a_press_of_the_talk_key_needs_no_wake_phrase(ears: RunningVesper, rig: Rig) -> None:
    assert ears.send("--talk").returncode == 0
    rig.say(speak("what time is it", lead_s=0.6))
    assert ears.until("turn.finished")["outcome"] == "answered"
