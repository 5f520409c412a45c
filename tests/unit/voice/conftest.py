"""What the voice's tests share: settings of a home of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from vesper.base.paths import user_paths
from vesper.base.settings_file import SettingsFile


@pytest.fixture
def settings(vesper_home: Path) -> SettingsFile:
    """The defaults, read before the loop runs."""
    return SettingsFile(user_paths(vesper_home).settings_file)
