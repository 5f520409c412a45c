"""Every port from a script, for tests, screenshots and measurements: no device, no model, the same each time.

The engines understand each other through real samples: speech is a row of tones, one for each letter (`tones`), so
what the scripted voice says the scripted recogniser hears, through buffers, files and processes like any sound.
"""

from __future__ import annotations

from vesper.ports.engine import EngineSpec

SCRIPTED: tuple[EngineSpec, ...] = (
    EngineSpec("audio", "scripted", "vesper.engines.scripted.devices:ScriptedDevices", "audio"),
    EngineSpec("wake", "scripted", "vesper.engines.scripted.hearing:ScriptedWakeWordDetector", "audio"),
    EngineSpec("activity", "scripted", "vesper.engines.scripted.hearing:ScriptedVoiceActivityDetector", "audio"),
    EngineSpec("stop", "scripted", "vesper.engines.scripted.hearing:ScriptedStopPhrases", "loop"),
    EngineSpec("stt", "scripted", "vesper.engines.scripted.speech:ScriptedSpeechToText", "loop"),
    EngineSpec("gate", "scripted", "vesper.engines.scripted.speech:ScriptedGatekeeper", "loop"),
    EngineSpec("tts", "scripted", "vesper.engines.scripted.speech:ScriptedTextToSpeech", "loop"),
    EngineSpec("secrets", "scripted", "vesper.engines.scripted.secrets:ScriptedSecretStore", "loop"),
    EngineSpec("notifier", "scripted", "vesper.engines.scripted.notices:ScriptedNotifier", "loop"),
)
