"""What listening hands on: an utterance with its text, or the reason why there is none."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from vesper.base.bus import EventBus
from vesper.base.clock import VirtualClock
from vesper.base.events import SpeechRecognised
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.ports.audio import Samples
from vesper.ports.stt import Transcript
from vesper.voice.agreement import SURE_AGREEMENT
from vesper.voice.cleaning import Sound
from vesper.voice.hearing import Heard
from vesper.voice.listening import Speech
from vesper.voice.recognition import Recognition, SecondPass
from vesper.voice.trace import Turn, TurnRecord


class Recogniser:
    """A recogniser that always understands the same."""

    async def recognise(self, samples: Samples) -> Transcript:
        del samples
        return Transcript("stop", 0.87654, ("stop", "shop"), "unsure", "scripted", "en")


def speech(reason: str, *, has_speech: bool = True, bus: EventBus | None = None) -> Speech:
    clock = VirtualClock()
    turn = Turn(TurnRecord("turn-1", "wake", ""), bus or EventBus(clock), clock)
    heard = Heard(Sound(np.zeros(1600, np.float32), np.zeros(1600, np.float32), 30.0), 0, 800, reason, 50, has_speech)
    recognition = Recognition(cast(Any, Recogniser()), cast(Any, Recogniser()), "en")
    return Speech(heard, 1.0, turn, SecondPass(recognition, TaskOwner("test", told_by_awaiting)), "en")


@pytest.mark.parametrize(
    ("reason", "has_speech", "is_empty"),
    [
        ("silence", True, False),
        ("complete", True, False),
        ("limit", True, False),
        ("nothing", False, True),
        ("silence", False, True),
        ("stopped", True, True),
        ("device", True, True),
    ],
)
def test_what_was_given_up_or_without_voice_is_empty(reason: str, has_speech: bool, is_empty: bool) -> None:
    assert speech(reason, has_speech=has_speech).is_empty is is_empty


async def test_the_utterance_carries_everything_that_tells_how_sure_it_is() -> None:
    bus = EventBus(VirtualClock())
    with bus.subscribe(SpeechRecognised) as events:
        heard = speech("silence", bus=bus)
        utterance = await heard.recognised()
        event = await events.next()
    assert (utterance.text, utterance.source, utterance.verdict) == ("stop", "voice", "unsure")
    assert utterance.alternatives == ("stop", "shop")
    assert event is not None
    assert event.turn == "turn-1"
    assert utterance.snr_db == 30.0
    facts = {"verdict": "unsure", "confidence": 0.877, "snr_db": 30.0, "needed": SURE_AGREEMENT}
    assert heard.turn.record.facts == facts
    assert "recognise" in heard.turn.record.ms
