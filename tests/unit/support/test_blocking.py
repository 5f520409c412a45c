"""Vesper's own code may not block the event loop, but where an exemption says why."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockingError

from vesper.base.settings_file import SettingsFile


async def test_vesper_blocking_the_loop_fails() -> None:
    with pytest.raises(BlockingError):
        _block_like_vesper()


def settings_with_rate(home: Path, rate: int) -> Path:
    """A settings file of this home."""
    home.mkdir()
    file = home / "settings.toml"
    file.write_text(f"[voice]\nrate = {rate}\n")
    return file


async def test_an_exempt_place_may_block(vesper_home: Path) -> None:
    assert SettingsFile(settings_with_rate(vesper_home, 180)).get("voice.rate") == 180


def _block_like_vesper() -> None:
    # Code compiled under a file name inside the package is what a blocking line of Vesper looks like.
    import vesper

    scope: dict[str, Any] = {"sleep": time.sleep}  # the watched one
    exec(compile("def block(): sleep(0.001)", str(Path(vesper.__path__[0]) / "harbour.py"), "exec"), scope)
    scope["block"]()
