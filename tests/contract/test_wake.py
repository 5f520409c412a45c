"""What every engine of the role "wake" keeps to."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.speech import RATE, bare, faint_noise, join, with_faint_noise
from vesper.base.errors import VesperError, WrongUsage
from vesper.engines import ENGINES
from vesper.ports.audio import AudioFrame
from vesper.ports.wake import WakeHit, WakeWordDetector

PHRASE = "okay nabu"  # every engine can hear Vesper's default phrase


@pytest.fixture(params=[spec for spec in ENGINES if spec.role == "wake"], ids=lambda spec: spec.name)
def detector(request: pytest.FixtureRequest) -> Iterator[WakeWordDetector]:
    module, _, cls = request.param.target.partition(":")
    engine: WakeWordDetector = getattr(importlib.import_module(module), cls)()
    engine.open()
    yield engine
    engine.close()


def feed(detector: WakeWordDetector, sound: np.ndarray, first_sample: int = 0) -> list[WakeHit]:
    frames = (
        AudioFrame(sound[at : at + 160], first_sample + at, (first_sample + at) / RATE)
        for at in range(0, len(sound) - 159, 160)
    )
    return [hit for frame in frames if (hit := detector.feed(frame)) is not None]


def accepted(hits: list[WakeHit]) -> list[WakeHit]:
    return [hit for hit in hits if hit.is_accepted]


def spoken(*texts: str, gap_s: float = 0.3, voice: str = "en-gb") -> np.ndarray:
    parts = [bare(text, voice, 150) for text in texts]
    return with_faint_noise(join(parts, lead_s=1.5, gap_s=gap_s, tail_s=1.0))


@pytest.mark.parametrize("voice", ["en-gb", "en-us", "en-gb-x-rp", "en-gb-scotland"])
def test_hears_the_phrase_once(detector, voice):
    detector.listen_for([PHRASE], "normal")
    hits = accepted(feed(detector, spoken(PHRASE, voice=voice)))
    assert [hit.phrase for hit in hits] == [PHRASE]
    assert 0.0 < hits[0].score <= 1.0


def test_says_where_the_phrase_ended_within_two_tenths_of_a_second(detector):
    sound = spoken(PHRASE)
    detector.listen_for([PHRASE], "normal")
    end = round(1.5 * RATE) + len(bare(PHRASE, "en-gb", 150))
    assert accepted(feed(detector, sound))[0].ended_at_sample == pytest.approx(end, abs=0.2 * RATE)


def test_positions_are_those_of_the_stream(detector):
    sound = spoken(PHRASE)
    detector.listen_for([PHRASE], "normal")
    at_zero = accepted(feed(detector, sound))[0].ended_at_sample
    detector.reset()
    later = accepted(feed(detector, sound, first_sample=1_600_000))[0].ended_at_sample
    assert later == at_zero + 1_600_000


def test_hears_the_phrase_with_a_command_in_the_same_breath(detector):
    detector.listen_for([PHRASE], "normal")
    assert len(accepted(feed(detector, spoken(PHRASE, "what time is it", gap_s=0.0)))) == 1


def test_rests_for_two_seconds_after_a_hit(detector):
    detector.listen_for([PHRASE], "normal")
    assert len(accepted(feed(detector, spoken(PHRASE, PHRASE, gap_s=0.3)))) == 1


def test_hears_the_phrase_again_after_its_rest(detector):
    detector.listen_for([PHRASE], "normal")
    assert len(accepted(feed(detector, spoken(PHRASE, PHRASE, gap_s=3.0)))) == 2


def test_other_speech_and_noise_wake_nobody(detector):
    detector.listen_for([PHRASE], "normal")
    assert not accepted(feed(detector, spoken("please water the flowers in the garden tomorrow morning")))
    assert not accepted(feed(detector, faint_noise(20.0, rms=0.05)))


def test_keen_hears_whatever_strict_hears(detector):
    heard = {}
    for sensitivity in ("strict", "normal", "keen"):
        detector.listen_for([PHRASE], sensitivity)
        heard[sensitivity] = [
            voice
            for voice in ("en-gb", "en-us", "en-029", "en-gb-x-gbcwmd")
            if (detector.reset() or accepted(feed(detector, spoken(PHRASE, voice=voice))))
        ]
    assert set(heard["strict"]) <= set(heard["normal"]) <= set(heard["keen"])
    assert heard["keen"]


def test_a_near_miss_is_told_with_its_reason(detector):
    detector.listen_for([PHRASE], "strict")
    hits = feed(detector, spoken(PHRASE, voice="en-us+f5"))  # a voice that strict does not take
    assert not accepted(hits)
    assert [(hit.phrase, hit.why) for hit in hits] == [(PHRASE, "below_threshold")]
    assert 0 < hits[0].score < hits[0].threshold <= 1


def test_several_phrases_are_told_apart(detector):
    others = [phrase for phrase in detector.info.facts["phrases"] if phrase == "alexa"]
    if not others:
        pytest.skip("this engine knows no second phrase")
    detector.listen_for([PHRASE, *others], "normal")
    hits = accepted(feed(detector, np.concatenate((spoken(PHRASE), faint_noise(2.0), spoken("alexa")))))
    assert [hit.phrase for hit in hits] == [PHRASE, "alexa"]


def test_only_the_chosen_phrase_is_listened_for(detector):
    others = [phrase for phrase in detector.info.facts["phrases"] if phrase != PHRASE]
    if not others:
        pytest.skip("this engine knows no second phrase")
    detector.listen_for(others[:1], "normal")
    assert not accepted(feed(detector, spoken(PHRASE)))


def test_a_phrase_it_cannot_hear_is_refused_with_those_it_can(detector):
    with pytest.raises(WrongUsage) as refused:
        detector.listen_for(["open sesame"], "normal")
    assert refused.value.code == "wake.unknown_phrase"
    assert PHRASE in refused.value.hint


def test_after_a_reset_half_a_phrase_is_forgotten(detector):
    sound = spoken(PHRASE)
    middle = (round(1.5 * RATE) + len(bare(PHRASE, "en-gb", 150)) // 2) // 160 * 160
    detector.listen_for([PHRASE], "normal")
    assert not accepted(feed(detector, sound[:middle]))
    detector.reset()
    assert not accepted(feed(detector, sound[middle:]))


def test_feeding_before_a_phrase_was_chosen_is_told(detector):
    with pytest.raises(VesperError):
        feed(detector, faint_noise(0.1))


def test_the_probe_says_it_is_well_and_closing_twice_is_fine(detector):
    assert detector.probe().state == "ok"
    detector.close()
    detector.close()
