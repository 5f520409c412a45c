"""The table of all engines. It imports none of them: `target` is resolved when an engine is first used.

To add one: write one file or package here, add one line. Contract tests, selfcheck and the settings find it.
"""

from __future__ import annotations

from vesper.ports.engine import EngineSpec

ENGINES: tuple[EngineSpec, ...] = (
    EngineSpec(
        "audio", "sounddevice", "vesper.engines.audio_sounddevice:SoundDevices", "audio", ("sounddevice", "soxr")
    ),
    EngineSpec("audio", "wavfile", "vesper.engines.audio_wavfile:WavDevices", "audio", ("soundfile", "soxr")),
    EngineSpec(
        "wake",
        "microwakeword",
        "vesper.engines.wake_microwakeword:MicroWakeWordDetector",
        "audio",
        ("pymicro_wakeword",),
    ),
    EngineSpec(
        "phrase",
        "pocketsphinx",
        "vesper.engines.stt_pocketsphinx.phrase_check:PocketsphinxPhraseCheck",
        "audio",
        ("pocketsphinx",),
    ),
    EngineSpec(
        "activity", "silero", "vesper.engines.vad_silero:SileroVoiceActivityDetector", "audio", ("onnxruntime",)
    ),
    EngineSpec("noise", "webrtc", "vesper.engines.noise_webrtc:WebRtcNoiseSuppressor", "loop", ("pywebrtc_audio",)),
    EngineSpec(
        "stt",
        "pocketsphinx",
        "vesper.engines.stt_pocketsphinx.engine:PocketsphinxSpeechToText",
        "child",
        ("pocketsphinx",),
    ),
    EngineSpec(
        "gate",
        "pocketsphinx",
        "vesper.engines.stt_pocketsphinx.gatekeeper:PocketsphinxGatekeeper",
        "child",
        ("pocketsphinx",),
    ),
    EngineSpec(
        "stop",
        "pocketsphinx",
        "vesper.engines.stt_pocketsphinx.stop_phrase:PocketsphinxStopPhrase",
        "child",
        ("pocketsphinx",),
    ),
    EngineSpec("tts", "pyttsx3", "vesper.engines.tts_pyttsx3:Pyttsx3TextToSpeech", "child", ("pyttsx3",)),
    EngineSpec("secrets", "keyring", "vesper.engines.secrets_keyring:KeyringSecretStore", "thread", ("keyring",)),
    EngineSpec(
        "notifier",
        "desktop-notifier",
        "vesper.engines.notifier_desktop:DesktopNotices",
        "loop",
        ("desktop_notifier",),
    ),
)
