"""Selfcheck: asks every stage whether it works, how long the answer took, and what to do where it does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from vesper.base.errors import unexpected
from vesper.ports.engine import Probe

# In the order of a turn (interfaces.md section 2). A stage without a check is one that this installation leaves off.
STAGES = (
    "microphone",
    "wake",
    "vad",
    "stt",
    "understanding",
    "storage",
    "tts",
    "speaker",
    "models",
    "llm",
    "gpu",
    "camera",
    "tray",
    "network",
)

Check = Callable[[], Awaitable[Probe]]
_TIMEOUT_S = 15.0


async def run_selfcheck(checks: Mapping[str, Check]) -> dict[str, Any]:
    """All stages' states: {"ok", "stages": [{"stage", "state", "ms", "detail", "hint"}]}.

    "ok" is False as soon as one stage has a problem; a stage that is off is none.
    """
    stages = await asyncio.gather(*(_stage(name, checks.get(name)) for name in STAGES))
    return {"ok": all(stage["state"] != "problem" for stage in stages), "stages": stages}


async def _stage(name: str, check: Check | None) -> dict[str, Any]:
    start = time.monotonic()
    probe = Probe("off", "not part of this installation") if check is None else await _probed(check)
    ms = round(1000 * (time.monotonic() - start), 1)
    return {"stage": name, "state": probe.state, "ms": ms, "detail": probe.detail, "hint": probe.hint}


async def _probed(check: Check) -> Probe:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return await check()
    except TimeoutError:
        return Probe("problem", f"no answer within {_TIMEOUT_S:.0f} s", "Restart Vesper.")
    except Exception as error:  # noqa: BLE001 (a broken stage is exactly what is being looked for)
        expected = unexpected(error)
        return Probe("problem", expected.sentence, expected.hint)
