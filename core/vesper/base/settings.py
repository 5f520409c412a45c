"""Every setting, declared once.

From a field here come the TOML file, the settings window, `vesper settings`, and docs/settings.md. A field has
a title (short, for the label), a description (one sentence of help), bounds, a default, and in `applies`
whether a new value works at once ("now") or with the next start ("restart").
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from vesper.base.paths import bundled

Applies = Literal["now", "restart"]


def _setting(default: Any, title: str, help_text: str, *, applies: Applies = "now", **bounds: Any) -> Any:
    return Field(default, title=title, description=help_text, json_schema_extra={"applies": applies}, **bounds)


def installed_languages() -> list[str]:
    """The codes (ISO 639-1) of the languages Vesper has, in alphabetical order."""
    return sorted(folder.name for folder in bundled("resources/languages").iterdir() if folder.is_dir())


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True, frozen=True)


class AudioSettings(_Section):
    """Microphone and speaker."""

    input_device: tuple[str, ...] = _setting(
        (),
        "Microphone",
        "By name, the best first: the first microphone that is there is used. Empty follows the system's choice.",
    )
    output_device: str = _setting("", "Speaker", "The speaker by its name; empty follows the system's choice.")
    muted: bool = _setting(False, "Microphone off", "Keeps the microphone closed, also after a restart.")
    earcons: bool = _setting(True, "Short sounds", "Plays a short sound when Vesper begins and stops listening.")

    @field_validator("input_device", mode="before")
    @classmethod
    def _one_is_a_list(cls, names: Any) -> Any:
        return [names] if isinstance(names, str) else names

    @field_validator("input_device")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in names if name))


class WakeSettings(_Section):
    """The wake word."""

    phrases: tuple[str, ...] = _setting(
        ("okay nabu",), "Wake phrases", "What wakes Vesper; several can be listened for at once."
    )
    sensitivity: Literal["strict", "normal", "keen"] = _setting(
        "normal", "Sensitivity", "Keen hears you from further away and is woken by mistake more often."
    )
    stop_phrase: bool = _setting(True, "Stop by voice", 'Lets you say "stop" while Vesper speaks or a timer rings.')


class ListeningSettings(_Section):
    """How long Vesper listens."""

    pace: Literal["quick", "normal", "patient"] = _setting(
        "normal", "Patience", "How long a pause may be before Vesper takes your sentence as finished."
    )
    longest_s: float = _setting(
        15.0, "Longest sentence", "Seconds after which Vesper stops listening.", ge=3.0, le=60.0
    )
    follow_up: Literal["never", "questions", "always"] = _setting(
        "questions", "Listen again", "Whether Vesper listens without the wake phrase after it has spoken."
    )
    follow_up_s: float = _setting(
        6.0, "Listen again for", "Seconds Vesper waits for you to speak after it has spoken.", ge=2.0, le=30.0
    )


class VoiceSettings(_Section):
    """How Vesper speaks."""

    speaks: bool = _setting(True, "Speak answers", "Off shows answers without saying them.")
    voice: str = _setting("", "Voice", "A voice by its name; empty uses the default voice of your language.")
    rate: int = _setting(170, "Speed", "Words a minute.", ge=80, le=400)
    volume: int = _setting(80, "Volume", "How loud Vesper speaks, in percent.", ge=0, le=100)
    pitch: int = _setting(50, "Pitch", "How high Vesper speaks; 50 is the voice's own pitch.", ge=0, le=100)


class GeneralSettings(_Section):
    """Language and start."""

    language: str = _setting("en", "Language", "The language Vesper listens to and speaks.", applies="restart")
    start_at_login: bool = _setting(False, "Start at login", "Starts Vesper hidden when you log in.")
    login_start_offered: bool = _setting(
        False, "Start at login offered", "Whether starting at login has been offered once."
    )
    first_run_done: bool = _setting(False, "First check done", "Whether the first-run check was done or skipped.")

    @field_validator("language")
    @classmethod
    def _is_there(cls, code: str) -> str:
        """Only a language that Vesper has: another one would leave it without a word."""
        there = installed_languages()
        if code not in there:
            raise ValueError(f"Vesper has {', '.join(there)}")
        return code


class PrivacySettings(_Section):
    """What is kept."""

    history: bool = _setting(
        False, "Keep what was said", "Keeps the words of turns with their times; off keeps times only."
    )


class WindowSettings(_Section):
    """The window."""

    theme: Literal["system", "dusk", "dawn"] = _setting("system", "Theme", "Dark, light, or as the system.")
    reduced_motion: bool = _setting(False, "Less motion", "Replaces movement by short fades.")
    close_to_tray: bool = _setting(
        True, "Close to tray", "Closing the window leaves Vesper listening in the tray, where there is one."
    )
    tray_notice_shown: bool = _setting(
        False, "Tray notice shown", "Whether closing to the tray has been explained once."
    )


class Settings(_Section):
    """All settings; the name of one is "section.field", for instance "voice.rate"."""

    general: GeneralSettings = GeneralSettings()
    audio: AudioSettings = AudioSettings()
    wake: WakeSettings = WakeSettings()
    listening: ListeningSettings = ListeningSettings()
    voice: VoiceSettings = VoiceSettings()
    privacy: PrivacySettings = PrivacySettings()
    window: WindowSettings = WindowSettings()
