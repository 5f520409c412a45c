"""Every fault of a microphone is one sentence with its name, and says what to do."""

from __future__ import annotations

import pytest

from vesper.base.errors import VesperError
from vesper.ports.audio import DeviceInfo
from vesper.voice import microphone_faults as faults

DESK = DeviceInfo("Desk", "input", 48_000)
LAPTOP = DeviceInfo("Laptop", "input", 48_000)
HEADSET = DeviceInfo("Headset", "input", 16_000, is_call_quality=True)


@pytest.mark.parametrize(
    "fault",
    [
        faults.gone(DESK),
        faults.silent(DESK),
        faults.muted_in_system(DESK),
        faults.replaced(("Desk", "Hall"), LAPTOP),
        faults.another(DESK, LAPTOP),
        faults.call_quality(HEADSET, [HEADSET]),
    ],
    ids=lambda fault: fault.code,
)
def test_each_is_one_sentence_that_names_the_microphone(fault: VesperError) -> None:
    assert "Desk" in fault.sentence or "Headset" in fault.sentence
    assert fault.sentence.endswith(".")
    assert fault.hint.endswith(".")
    assert fault.code.startswith("microphone.")


def test_one_that_hangs_has_no_name_yet() -> None:
    assert faults.hung().code == "microphone.hung"


def test_for_call_quality_a_microphone_that_is_there_is_named() -> None:
    assert '"Laptop"' in faults.call_quality(HEADSET, [HEADSET, LAPTOP]).hint
    speaker = DeviceInfo("Loudspeaker", "output", 48_000)
    assert "Loudspeaker" not in faults.call_quality(HEADSET, [speaker, HEADSET]).hint
