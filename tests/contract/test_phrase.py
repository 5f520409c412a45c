"""What every engine of the role "phrase" keeps to: it tells a phrase from what resembles it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.speech import faint_noise, speak, with_noise
from vesper.base.errors import WrongUsage
from vesper.engines import ENGINES
from vesper.ports.wake import PhraseCheck

PHRASES = ("okay nabu", "alexa", "hey vesper")


@pytest.fixture(scope="module", params=[spec for spec in ENGINES if spec.role == "phrase"], ids=lambda spec: spec.name)
def check(request: pytest.FixtureRequest) -> Iterator[PhraseCheck]:
    module, _, cls = request.param.target.partition(":")
    engine: PhraseCheck = getattr(importlib.import_module(module), cls)()
    engine.open(PHRASES)
    yield engine
    engine.close()


def piece(text: str, voice: str = "en-us") -> np.ndarray:
    return speak(text, voice, 150, lead_s=0.4, tail_s=0.15)


@pytest.mark.parametrize("voice", ["en-gb", "en-us", "en-gb-scotland", "en-029"])
def test_a_phrase_fits_its_own_sound(check, voice):
    assert check.fits("okay nabu", piece("okay nabu", voice))


def test_it_fits_in_noise_too(check):
    assert check.fits("okay nabu", with_noise(piece("okay nabu"), 15.0))


@pytest.mark.parametrize("other", ["athena", "computer", "what can you do", "turn on the light", "good morning"])
def test_other_words_do_not_fit(check, other):
    assert not check.fits("okay nabu", piece(other))


def test_noise_alone_fits_nothing(check):
    assert not check.fits("alexa", faint_noise(1.5, rms=0.02))
    assert not check.fits("alexa", np.zeros(24_000, np.float32))


def test_each_phrase_is_looked_for_alone(check):
    assert check.fits("alexa", piece("alexa"))
    assert not check.fits("okay nabu", piece("alexa"))


def test_equal_sound_gives_equal_answers(check):
    assert len({check.fits("okay nabu", piece("okay nabu")) for _ in range(4)}) == 1


def test_a_phrase_it_was_not_opened_for_is_refused(check):
    with pytest.raises(WrongUsage):
        check.fits("hey mycroft", piece("hey mycroft"))


def test_the_probe_says_it_is_well(check):
    assert check.probe().state == "ok"
    assert check.info.facts["phrases"] == PHRASES
