"""The assistant in the terminal: which events are told, and that one home has one Vesper."""

from __future__ import annotations

from pathlib import Path

import pytest

from vesper.base.errors import VesperError
from vesper.base.events import AnswerText, Event, ListeningArmed, Problem, SpeechPartial, SpeechRecognised, TimerRang
from vesper.base.paths import user_paths
from vesper.cli.headless import _tell, run_headless
from vesper.control import InstanceLock


@pytest.mark.parametrize(
    ("event", "out", "err"),
    [
        (ListeningArmed(phrases=("okay nabu",)), "", 'Listening. Say "okay nabu".\n'),
        (SpeechRecognised(text="stop", confidence=1.0, engine="", language="en"), "> stop\n", ""),
        (AnswerText(text="It's nine."), "It's nine.\n", ""),
        (AnswerText(text="It's", final=False), "", ""),
        (TimerRang(timer_name="tea", due=""), "A timer rings: tea\n", ""),
        (Problem(code="x", sentence="No speaker.", hint="Connect one."), "", "No speaker. Connect one.\n"),
        (SpeechPartial(text="st"), "", ""),
    ],
    ids=lambda value: value.name if isinstance(value, Event) else "",
)
def test_what_a_person_reads_of_an_event(event: Event, out: str, err: str, capsys: pytest.CaptureFixture[str]) -> None:
    _tell(event)
    assert capsys.readouterr() == (out, err)


def test_a_second_vesper_of_a_home_says_how_to_reach_the_first(vesper_home: Path) -> None:
    first = InstanceLock(user_paths(vesper_home))
    assert first.take()
    with pytest.raises(VesperError, match="already running"):
        run_headless(user_paths(vesper_home))
    first.release()
