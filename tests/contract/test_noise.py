"""What every noise suppressor promises."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.speech import RATE, bare, faint_noise
from vesper.audio.levels import ratio_db, room_power
from vesper.base.errors import EngineFailed
from vesper.engines import ENGINES
from vesper.ports.audio import Samples
from vesper.ports.noise import NoiseSuppressor


@pytest.fixture(params=[spec for spec in ENGINES if spec.role == "noise"], ids=lambda spec: spec.name)
def suppressor(request: pytest.FixtureRequest) -> Iterator[NoiseSuppressor]:
    module, _, cls = request.param.target.partition(":")
    engine: NoiseSuppressor = getattr(importlib.import_module(module), cls)()
    engine.open()
    yield engine
    engine.close()


def noise(seconds: float, level: float = 0.02) -> Samples:
    rng = np.random.default_rng(7)
    return rng.normal(0.0, level, round(seconds * RATE)).astype(np.float32)


def test_steady_noise_becomes_less(suppressor: NoiseSuppressor) -> None:
    suppressor.feed(noise(2.0))
    assert room_power(suppressor.feed(noise(1.0))) < 0.5 * room_power(noise(1.0))


def test_speech_stands_out_more_than_before(suppressor: NoiseSuppressor) -> None:
    said = bare("what time is it", "en-us", 150)
    sound = np.concatenate([noise(2.0), said + noise(len(said) / RATE)[: len(said)]])
    clean = suppressor.feed(sound)
    before = ratio_db(sound[2 * RATE :], room_power(sound[: 2 * RATE]))
    after = ratio_db(clean[2 * RATE :], room_power(clean[RATE : 2 * RATE]))
    assert after > before + 2


@pytest.mark.parametrize("piece", [1, 7, 160, 161, 1600, 5000])
def test_as_much_comes_out_as_goes_in_and_at_most_10_ms_late(suppressor: NoiseSuppressor, piece: int) -> None:
    sound = faint_noise(0.5)
    sound[4000:4160] += 0.5
    out = [suppressor.feed(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    assert [len(samples) for samples in out] == [len(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    loudest = int(np.argmax(np.abs(np.concatenate(out))))
    assert 4000 <= loudest <= 4160 + 320


def test_after_a_reset_the_same_sound_gives_the_same(suppressor: NoiseSuppressor) -> None:
    first = suppressor.feed(noise(0.5))
    suppressor.reset()
    assert np.allclose(suppressor.feed(noise(0.5)), first, atol=1e-4)


def test_feeding_a_closed_one_is_told(suppressor: NoiseSuppressor) -> None:
    suppressor.close()
    suppressor.close()
    with pytest.raises(EngineFailed):
        suppressor.feed(noise(0.1))


def test_the_probe_says_it_is_well(suppressor: NoiseSuppressor) -> None:
    assert suppressor.probe().state == "ok"
