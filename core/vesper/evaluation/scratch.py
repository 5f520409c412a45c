"""A folder for one measurement, made and removed away from the loop."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def scratch_folder(prefix: str) -> AsyncGenerator[Path]:
    """An empty folder, gone with all it holds afterwards. Raises OSError where there is no room."""
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory[str], prefix=prefix)
    try:
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)
