"""How often speech that is no command is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.recorded_commands import hearing, manifest
from vesper.base.errors import BadInput
from vesper.evaluation.command_hearing import conditions
from vesper.evaluation.rejection import run


def test_a_clip_that_becomes_a_command_is_claimed_and_named(tmp_path: Path) -> None:
    clips = manifest(tmp_path, {"said": "what time is it"}, {"said": "my sister came"}, {"said": ""})
    result = run(hearing(), [clips], conditions(None, [], 0))
    assert (result["clips"], result["claimed"], result["claimed_rate"]) == (3, 1, 0.3333)
    assert result["by_snr"] == {"clean": 0.3333}
    [claim] = result["claims"]
    assert claim == {"audio": "0.wav", "snr": "clean", "text": "what time is it", "intent": "clock.time"}


def test_what_the_gatekeeper_refuses_is_not_claimed(tmp_path: Path) -> None:
    clips = manifest(tmp_path, {"said": "what time is it"})
    assert run(hearing(gatekeeper_hears="a cow"), [clips], conditions(None, [], 0))["claimed"] == 0


def test_a_long_clip_is_heard_in_pieces_and_counts_once(tmp_path: Path) -> None:
    said = " ".join(["what time is it"] * 40)
    clips = manifest(tmp_path, {"said": said})
    ears = hearing()
    result = run(ears, [clips], conditions(None, [], 0))
    assert ears.audio_s > 15
    assert result["claimed"] <= 1


def test_an_empty_manifest_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    with pytest.raises(BadInput, match="no clips"):
        run(hearing(), [empty], conditions(None, [], 0))
