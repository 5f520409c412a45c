"""A folder for one measurement, gone afterwards however that ended."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from vesper.evaluation.scratch import scratch_folder


async def test_it_is_there_meanwhile_and_gone_with_all_it_holds_when_the_measurement_failed() -> None:
    kept: list[Path] = []
    with pytest.raises(ValueError, match="no figure"):
        async with scratch_folder("vesper-test-") as folder:
            kept.append(folder)
            await asyncio.to_thread((folder / "recording.wav").write_bytes, b"sound")
            raise ValueError("no figure")
    assert not kept[0].exists()
