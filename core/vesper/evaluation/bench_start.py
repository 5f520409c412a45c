"""`bench start`: how long a start takes, on fresh processes; each figure is the median of a few after a first one that
warms the system's own caches and makes the home.

Headless is the window's assistant without the window. Where no device is wanted a recording of faint noise is the
microphone; where there is no display the window opens on Qt's offscreen platform.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vesper.audio.wav import write_wav
from vesper.base.clock import Clock, SystemClock
from vesper.base.errors import EngineFailed
from vesper.base.paths import user_paths
from vesper.evaluation.made_speech import faint_noise
from vesper.evaluation.manifests import Progress
from vesper.evaluation.scratch import scratch_folder
from vesper.evaluation.vesper_process import Memory, RunningVesper, running_vesper
from vesper.ports.audio import SAMPLE_RATE

FIRST_PAINT = "the first window is painted"
"""What the window writes into its log."""

_TIMEOUT_S = 60.0
_SETTLE_S = 6.0
_POLL_S = 0.005
_NOISE_S = 30.0
_IMPORTS = """
import time
began = time.perf_counter()
import vesper.assembly, vesper.cli.main, vesper.cli.listen
print(time.perf_counter() - began)
"""


@dataclass(frozen=True, slots=True)
class StartBench:
    """How often each start is measured, and whether the real microphone is opened."""

    runs: int = 3
    uses_devices: bool = False


@dataclass(frozen=True, slots=True)
class _Start:
    ms: float
    memory: Memory


async def run(bench: StartBench, *, progress: Progress = lambda _done, _all: None) -> dict[str, Any]:
    """Measure; the answer is the JSON object of `bench start`. Raises EngineFailed for a Vesper that does not start."""
    clock = SystemClock()
    async with scratch_folder("vesper-bench-") as folder:
        noise = folder / "noise.wav"
        await asyncio.to_thread(write_wav, noise, faint_noise(round(_NOISE_S * SAMPLE_RATE)), SAMPLE_RATE)
        starts = _Starts(folder / "home", () if bench.uses_devices else ("--wav", str(noise)), clock)
        figures: dict[str, list[_Start]] = {"headless": [], "window": []}
        imports = [await _import_ms() for _ in range(1 + bench.runs)][1:]
        for number in range(1 + bench.runs):
            figures["headless"].append(await starts.headless())
            figures["window"].append(await starts.window())
            progress(number + 1, 1 + bench.runs)
    headless, window = figures["headless"][1:], figures["window"][1:]
    return {
        "import_ms": round(statistics.median(imports), 1),
        "listening_ms": _median([start.ms for start in headless]),
        "window_ms": _median([start.ms for start in window]),
        "headless_rss_mb": _median([start.memory.all_mb for start in headless]),
        "headless_main_rss_mb": _median([start.memory.main_mb for start in headless]),
        "window_rss_mb": _median([start.memory.all_mb for start in window]),
        "window_main_rss_mb": _median([start.memory.main_mb for start in window]),
    }


class _Starts:
    """Starts Vesper anew in one home; `microphone` are the words that choose it."""

    def __init__(self, home: Path, microphone: Sequence[str], clock: Clock) -> None:
        self._home = home
        self._microphone = microphone
        self._clock = clock

    async def headless(self) -> _Start:
        """`vesper listen` until it listens, and what it takes when everything has been opened."""
        started = self._clock.monotonic()
        async with running_vesper(self._home, ("listen", "--json", *self._microphone)) as vesper:
            await vesper.event("listening.armed", _TIMEOUT_S)
            return await self._settled(vesper, started)

    async def window(self) -> _Start:
        """`vesper run` until its first window is painted, and what it takes when everything has been opened."""
        started = self._clock.monotonic()
        painted = await asyncio.to_thread(self._paints)
        async with running_vesper(self._home, ("run",), environment=_display()) as vesper:
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    while await asyncio.to_thread(self._paints) == painted:
                        await self._clock.sleep(_POLL_S)
            except TimeoutError:
                raise EngineFailed("bench.no_window", "No window was painted.", "See Vesper's log.") from None
            return await self._settled(vesper, started)

    async def _settled(self, vesper: RunningVesper, started: float) -> _Start:
        ms = 1000 * (self._clock.monotonic() - started)
        await self._clock.sleep(_SETTLE_S)
        return _Start(ms, await asyncio.to_thread(vesper.family.memory))

    def _paints(self) -> int:
        """How often the log tells of a first paint."""
        try:
            return (user_paths(self._home).logs / "vesper.log").read_text(encoding="utf-8").count(FIRST_PAINT)
        except OSError:
            return 0


async def _import_ms() -> float:
    """Importing everything that `vesper listen` needs before it begins, in a fresh interpreter."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _IMPORTS), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            output, _ = await process.communicate()
        return 1000 * float(output)
    except (TimeoutError, ValueError):
        raise EngineFailed("bench.no_import", "Vesper could not be imported in time.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _display() -> Mapping[str, str]:
    has_display = not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return {} if has_display else {"QT_QPA_PLATFORM": "offscreen"}


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 1)
