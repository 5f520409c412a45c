"""What the window must know of the settings before its first paint.

Reading them whole takes as long as the rest of the start (the settings' own library is heavy), so the few that
matter for the first picture are read from the file directly; the core brings the rest a moment later. A value
that makes no sense is its default here, and is complained about by the settings file itself.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class WindowPreferences:
    """The settings that the window itself follows; fields bear the names of the settings, dots as underscores."""

    window_theme: str = "system"
    window_reduced_motion: bool = False
    window_close_to_tray: bool = True
    window_tray_notice_shown: bool = False
    general_first_run_done: bool = False
    general_language: str = "en"
    general_start_at_login: bool = False
    general_login_start_offered: bool = False
    wake_phrases: tuple[str, ...] = ("okay nabu",)

    def changed(self, name: str, value: Any) -> WindowPreferences:
        """With the setting `name` ("window.theme") at `value`; itself when the window does not follow it."""
        field = name.replace(".", "_", 1)
        default = _DEFAULTS.get(field)
        if isinstance(value, list):
            value = tuple(cast(list[Any], value))
        if default is None or type(value) is not type(default):
            return self
        return replace(self, **{field: value})


_DEFAULTS: dict[str, Any] = {
    name: getattr(WindowPreferences(), name) for name in WindowPreferences.__dataclass_fields__
}


def read_preferences(settings_file: Path) -> WindowPreferences:
    """The preferences as the file has them, each at its default where the file or the value is unusable."""
    preferences = WindowPreferences()
    try:
        sections: dict[str, Any] = tomllib.loads(settings_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return preferences
    for section, values in sections.items():
        if isinstance(values, dict):
            for field, value in cast(dict[str, Any], values).items():
                preferences = preferences.changed(f"{section}.{field}", value)
    return preferences
