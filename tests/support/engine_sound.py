"""Sentences as an engine under contract can hear them: tones for the scripted one, espeak-ng for every other."""

from __future__ import annotations

import numpy as np

from tests.support import speech
from vesper.engines.scripted.tones import spoken
from vesper.ports.audio import SAMPLE_RATE, Samples
from vesper.ports.engine import EngineSpec


def sound(spec: EngineSpec, text: str) -> Samples:
    """The sentence between half seconds of silence, all of it in faint noise."""
    said = spoken(text) if spec.name == "scripted" else speech.speak(text, voice="en-us")
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    return speech.with_faint_noise(np.concatenate([silence, said, silence]))
