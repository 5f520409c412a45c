"""The window's words for states, in one place for windows and tray alike."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from vesper_desktop.view_state.conversation import ConversationState
from vesper_desktop.view_state.orb import OrbState


def orb_words(state: ConversationState) -> str:
    """What the orb shows, as one short line."""
    translate = QCoreApplication.translate
    words = {
        OrbState.ASLEEP: translate("Orb", "Asleep") if state.is_ready else translate("Orb", "Waking up…"),
        OrbState.ARMED: translate("Orb", "Listening for “{phrase}”"),
        OrbState.HEARING: translate("Orb", "Hearing you"),
        OrbState.THINKING: translate("Orb", "Thinking"),
        OrbState.SPEAKING: translate("Orb", "Speaking"),
        OrbState.MUTED: translate("Orb", "Microphone off"),
        OrbState.PROBLEM: translate("Orb", "Something needs you"),
    }
    return words[state.orb].format(phrase=said_phrase(state.phrases))


def said_phrase(phrases: tuple[str, ...]) -> str:
    """A wake phrase as it is written in a sentence: the first of those that are listened for."""
    return phrases[0] if phrases else "okay nabu"


def section_title(name: str) -> str:
    """The heading of a section of the settings."""
    translate = QCoreApplication.translate
    titles = {
        "general": translate("Settings", "General"),
        "audio": translate("Settings", "Microphone and speaker"),
        "wake": translate("Settings", "Wake phrase"),
        "listening": translate("Settings", "Listening"),
        "voice": translate("Settings", "Voice"),
        "privacy": translate("Settings", "Privacy"),
        "window": translate("Settings", "Window"),
    }
    return titles.get(name, name.capitalize())


def choice_words(choice: str) -> str:
    """A value of a setting as a word in a list."""
    return QCoreApplication.translate("Settings", choice.replace("_", " ").capitalize())


def device_words(name: str) -> str:
    """A device or voice by its name; "" is the system's choice."""
    return name or QCoreApplication.translate("Settings", "Automatic")


def language_words(code: str) -> str:
    """A language by its name; `code` is ISO 639-1."""
    return QCoreApplication.translate("Languages", QLocale.languageToString(QLocale(code).language()))
