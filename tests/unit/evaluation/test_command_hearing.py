"""Hearing recorded commands with the judgement of the voice loop: the gatekeeper has its say, every ratio its noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.support.recorded_commands import hearing, manifest
from tests.support.speech import faint_noise
from vesper.audio.levels import speech_power
from vesper.engines.scripted.tones import spoken
from vesper.evaluation.command_hearing import Uttered, conditions
from vesper.ports.audio import SAMPLE_RATE


def uttered(text: str) -> Uttered:
    return Uttered(faint_noise(2.0), spoken(text))


def test_a_command_is_heard_with_its_intent_and_what_it_cost() -> None:
    ears = hearing()
    heard = ears.hear(uttered("what time is it"))
    assert heard.match is not None
    assert (heard.transcript.text, heard.match.intent) == ("what time is it", "clock.time")
    assert ears.engine == "scripted"
    assert ears.rtf > 0


def test_what_the_gatekeeper_did_not_hear_is_nothing() -> None:
    heard = hearing(gatekeeper_hears="something else altogether").hear(uttered("what time is it"))
    assert heard.match is None
    assert heard.transcript.verdict == "rejected"


def test_every_clip_is_heard_clean_and_in_the_noise_that_was_asked_for(tmp_path: Path) -> None:
    asked = conditions(manifest(tmp_path, {"said": ""}), ["10"], seed=1)
    assert asked.snr_db == ("clean", "10")
    clip = spoken("what time is it")
    clean, noisy = asked.sound(clip, "clean", 0), asked.sound(clip, "10", 0)
    assert len(clean.samples) == len(noisy.samples) > len(clip)
    edge = SAMPLE_RATE // 5
    assert np.mean(noisy.samples[:edge] ** 2) > 3 * np.mean(clean.samples[:edge] ** 2)
    assert 0 < np.mean(noisy.samples[:edge] ** 2) < speech_power(clip)
    assert np.mean(noisy.room**2) > 3 * np.mean(clean.room**2), "the noise was there before"


def test_without_noise_there_is_the_clean_sound_alone() -> None:
    assert conditions(None, [], seed=0).snr_db == ("clean",)


def test_what_would_be_asked_about_is_not_done() -> None:
    heard = hearing(gatekeeper_hears="what a day").hear(uttered("what time is it"))
    assert (heard.transcript.text, heard.transcript.verdict) == ("what time is it", "unsure")
    assert heard.match is None
