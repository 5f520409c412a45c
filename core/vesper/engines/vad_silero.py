"""Voice activity by Silero VAD v6 (MIT), run by onnxruntime.

The model file is the one that faster-whisper ships. It is found without importing faster-whisper, whose import
alone costs 0.4 s. Shapes: `input` [1, 576] (64 samples of context, 512 new), `h` and `c` [1, 1, 128] carried along.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from vesper.base.errors import EngineFailed, Missing
from vesper.ports.audio import AudioFrame, Samples
from vesper.ports.engine import EngineInfo, Probe

STEP_SAMPLES = 512
_CONTEXT_SAMPLES = 64
_PACKAGE, _FILE = "faster_whisper", Path("assets") / "silero_vad_v6.onnx"


class SileroVoiceActivityDetector:
    """One probability of speech for every 512 samples (32 ms)."""

    def __init__(self) -> None:
        self._session: Any = None
        self._buffer: Samples = np.zeros((1, _CONTEXT_SAMPLES + STEP_SAMPLES), np.float32)
        self._filled = 0
        self._state = _fresh_state()

    @property
    def info(self) -> EngineInfo:
        """See VoiceActivityDetector.info."""
        return EngineInfo("silero", facts={"step_samples": STEP_SAMPLES})

    def open(self) -> None:
        """Load the model. Raises Missing("vad.missing") when it or onnxruntime is not there."""
        if self._session is None:
            self._session = _load(_model_file())

    def feed(self, frame: AudioFrame) -> float | None:
        """The probability for the step that this frame completes, else None."""
        samples = frame.samples
        room = STEP_SAMPLES - self._filled
        self._put(samples[:room])
        if self._filled < STEP_SAMPLES:
            return None
        probability = self._run()
        self._buffer[0, :_CONTEXT_SAMPLES] = self._buffer[0, -_CONTEXT_SAMPLES:]
        self._filled = 0
        self._put(samples[room:])
        return probability

    def reset(self) -> None:
        """Forget the sound so far."""
        self._buffer[:] = 0.0
        self._filled = 0
        self._state = _fresh_state()

    def close(self) -> None:
        """Give the model back."""
        self._session = None

    def probe(self) -> Probe:
        """Judge one step of near silence."""
        try:
            tried = SileroVoiceActivityDetector()
            tried.open()
            tried._buffer[:] = 1e-4
            probability = tried._run()
        except Missing as error:
            return Probe("problem", error.sentence, error.hint)
        if not 0.0 <= probability < 0.5:
            return Probe("problem", f"Silence was judged as speech ({probability:.2f}).", "Install Vesper again.")
        return Probe("ok", "Silero v6")

    def _put(self, samples: Samples) -> None:
        start = _CONTEXT_SAMPLES + self._filled
        self._buffer[0, start : start + len(samples)] = samples
        self._filled += len(samples)

    def _run(self) -> float:
        if self._session is None:
            raise EngineFailed("vad.closed", "The voice detector was used before it was opened.")
        h, c = self._state
        probabilities, h, c = self._session.run(None, {"input": self._buffer, "h": h, "c": c})
        self._state = (h, c)
        return float(probabilities.reshape(-1)[0])


def _fresh_state() -> tuple[Samples, Samples]:
    return np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32)


def _model_file() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    found = Path(folders[0]) / _FILE if folders else None
    if found is None or not found.is_file():
        raise Missing("vad.missing", "The model that detects voice is not installed.", "Install faster-whisper again.")
    return found


def _load(path: Path) -> Any:
    try:
        onnxruntime: Any = importlib.import_module("onnxruntime")  # Any: it comes without type information
    except ImportError as error:
        raise Missing("vad.missing", "onnxruntime is not installed.", "Run the setup again.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # A spinning worker would cost a whole core between two steps.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise Missing("vad.missing", "The model that detects voice is damaged.", "Run the setup again.") from error
