"""The voice in the box: pyttsx3 over espeak-ng, SAPI or NSSpeech, rendered to sound that Vesper's own speaker plays.

pyttsx3 plays by itself and turns a loop of its own, so it is only asked to write files, in a process of its own.
Measured on espeak-ng: 12 ms from a clause to its first sample, 10 of them pyttsx3's polling pause.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import sys
import tempfile
import threading
import wave
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from vesper.base.errors import EngineFailed, Missing
from vesper.ports.audio import Samples
from vesper.ports.engine import EngineInfo, Probe
from vesper.ports.tts import Pcm, SpeakingStyle, Voice

LONGEST_PIECE = 300
"""Characters rendered at a time. pyttsx3 collects sound in time that grows with its square: 10,000 take 31 s."""
LONGEST_RENDERING_S = 1.5
SILENCE = 0.003
"""Amplitude below which the edges of a clause count as silence (-50 dBFS)."""
LEAD_S = 0.004
TRAIL_S = 0.18
"""Silence left at the edges, seconds: espeak adds 12 ms before a clause and 160 to 360 ms behind it."""

_HINTS: Mapping[str, str] = {
    "darwin": "Open System Settings, Accessibility, Spoken Content, and add a voice there.",
    "win32": "Open Settings, Time & language, Speech, and add a voice there.",
    "linux": 'Install espeak-ng, for instance with "sudo apt install espeak-ng".',
}
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_PIECE = re.compile(rf"\s*(\S.{{0,{LONGEST_PIECE - 1}}}(?=\s|$)|\S{{1,{LONGEST_PIECE}}})", re.DOTALL)


class Pyttsx3TextToSpeech:
    """Renders clauses with the voices that the system brings."""

    DEADLINES: ClassVar[Mapping[str, float]] = {"speak": 2.0}

    def __init__(self) -> None:
        self._engine: Any = None
        self._places = contextlib.ExitStack()
        self._place = Path()
        self._ids: dict[str, str] = {}
        self._voices: tuple[Voice, ...] = ()
        self._default = ""
        self._finished = threading.Event()

    @property
    def info(self) -> EngineInfo:
        """Name, languages, and how many voices there are."""
        languages = sorted({voice.language.partition("-")[0] for voice in self._voices} - {""})
        return EngineInfo("pyttsx3", tuple(languages), {"voices": len(self._voices)})

    def open(self) -> None:
        """See `TextToSpeechEngine`."""
        self._place = _place_for_sound(self._places)
        self._start()
        found: list[Any] = self._engine.getProperty("voices") or []
        # MBROLA voices have a rate of their own, and pyttsx3 writes 22,050 Hz into every file.
        usable = {voice.name: voice for voice in found if not str(voice.id).startswith("mb/")}
        if not usable:
            raise _no_voice()
        self._ids = {name: voice.id for name, voice in usable.items()}
        self._voices = tuple(_described(voice) for voice in usable.values())
        self._default = str(self._engine.getProperty("voice"))

    def voices(self) -> Sequence[Voice]:
        """See `TextToSpeechEngine`."""
        return self._voices

    def speak(self, text: str, style: SpeakingStyle) -> Iterator[Pcm]:
        """See `TextToSpeechEngine`. A long clause comes in pieces of at most 300 characters."""
        for piece in pieces(text):
            samples, rate = self._render(piece, style)
            samples = _trimmed(samples, rate) * np.float32(style.volume / 100)
            if len(samples):
                yield Pcm(samples, rate)

    def close(self) -> None:
        """See `TextToSpeechEngine`."""
        self._engine = None
        self._places.close()

    def probe(self) -> Probe:
        """See `TextToSpeechEngine`."""
        if any(len(pcm.samples) for pcm in self.speak("hello", SpeakingStyle())):
            return Probe("ok", f"{len(self._voices)} voices")
        return Probe("problem", "The voice stays silent.", _hint())

    def _start(self) -> None:
        try:
            self._engine = importlib.import_module("pyttsx3").init()
        except (ImportError, OSError, RuntimeError) as error:
            raise _no_voice() from error
        self._engine.connect("finished-utterance", self._has_finished)
        if self._engine.driver_name == "espeak":
            # WORKAROUND pyttsx3 2.99: the end of runAndWait calls stop, which cancels what espeak's own thread has just
            # begun; one rendering in a hundred was a file without sound.
            self._engine.proxy._driver.stop = _nothing

    def _has_finished(self, **_told: Any) -> None:
        self._finished.set()

    def _render(self, text: str, style: SpeakingStyle) -> tuple[Samples, int]:
        if self._engine is None:
            self._start()
        engine: Any = self._engine
        try:
            engine.setProperty("voice", self._voice_id(style))
            engine.setProperty("rate", style.rate)
            engine.setProperty("pitch", min(99, style.pitch))
            engine.setProperty("volume", 1.0)
            self._finished.clear()
            engine.save_to_file(text, str(self._place))
            engine.runAndWait()
            # WORKAROUND pyttsx3 2.99: with espeak, runAndWait returns while espeak's own thread still renders.
            if engine.driver_name == "espeak" and not self._finished.wait(LONGEST_RENDERING_S):
                raise OSError("no end of the rendering was told")
            samples, rate = _sound_in(self._place)
            if not len(samples):  # even what cannot be said has a pause at its end
                raise OSError("nothing was rendered")
            return samples, rate
        except (OSError, RuntimeError, ValueError, EOFError) as error:
            self._engine = None  # its loop may still believe that it is running
            raise EngineFailed("voice.failed", "The voice could not say that.") from error
        finally:
            with contextlib.suppress(OSError):
                os.truncate(self._place, 0)

    def _voice_id(self, style: SpeakingStyle) -> str:
        """The chosen voice; else the system's own where it speaks the language; else the first that does."""
        if style.voice in self._ids:
            return self._ids[style.voice]
        speaking = [self._ids[v.name] for v in self._voices if f"{v.language}-".startswith(f"{style.language}-")]
        return self._default if self._default in speaking or not speaking else speaking[0]


def _nothing() -> None:
    """There is nothing to stop: every rendering is waited for."""


def pieces(text: str) -> list[str]:
    """Text as pieces of at most 300 characters, cut at spaces, without what no voice can say."""
    clean = _UNSPEAKABLE.sub(" ", text)
    found = [match.strip() for match in _PIECE.findall(clean)]
    return [piece for piece in found if any(map(str.isalnum, piece))]


def _place_for_sound(places: contextlib.ExitStack) -> Path:
    """A file for what is spoken: in memory where the system can, so that no word lies on a disk."""
    if sys.platform == "linux":
        memory = os.memfd_create("vesper-voice")
        places.callback(os.close, memory)
        return Path(f"/proc/self/fd/{memory}")
    return Path(places.enter_context(tempfile.TemporaryDirectory(prefix="vesper-voice-"))) / "clause.wav"


def _sound_in(path: Path) -> tuple[Samples, int]:
    """Samples and rate of a sound file; macOS writes AIFF whatever the file is called."""
    try:
        with wave.open(str(path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            return samples.astype(np.float32) / np.float32(32768), file.getframerate()
    except wave.Error:
        import soundfile

        samples, rate = soundfile.read(path, always_2d=True)
        return samples[:, 0].astype(np.float32), rate


def _trimmed(samples: Samples, rate: int) -> Samples:
    """Without the silence at its edges but for a moment; nothing when there is only silence."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    if not len(loud):
        return samples[:0]
    start = max(0, int(loud[0]) - int(LEAD_S * rate))
    return samples[start : int(loud[-1]) + 1 + int(TRAIL_S * rate)]


def _described(voice: Any) -> Voice:
    languages = getattr(voice, "languages", None) or [""]
    language = languages[0] if isinstance(languages[0], str) else ""
    gender = str(getattr(voice, "gender", "") or "").lower().removeprefix("voicegender")
    return Voice(str(voice.name), language.replace("_", "-").lower(), gender)


def _hint() -> str:
    return _HINTS.get(sys.platform, _HINTS["linux"])


def _no_voice() -> Missing:
    return Missing("voice.missing", "No voice is installed, so answers are shown and not spoken.", _hint())
