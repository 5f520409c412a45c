"""Python itself, kept from holding up the window while the core starts in its thread.

Both threads share one interpreter, and whatever the core's thread does without letting go keeps Qt's thread from
painting. What cannot be interrupted at all is left out or put off.
"""

from __future__ import annotations

import gc
import sys
from types import ModuleType

from PySide6.QtCore import QObject, QTimer

# How long one Python thread may keep the others waiting (Python's own: 5 ms). Each paint asks for its turn many times:
# beside a busy core a repaint of the window took 20 ms with 5 ms, 5.5 ms with 0.5 ms, and 8.6 ms alone.
SWITCH_INTERVAL_S = 0.0005
START_MS = 20_000


def smooth_start(owner: QObject) -> None:
    """Make the start smooth: short turns, no collection of garbage for 20 s, no sources read while importing."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    _import_without_sources()
    # A start makes little garbage and 600,000 objects that stay: looking through them held everything up for 80 ms.
    gc.disable()
    QTimer.singleShot(START_MS, owner, collect_again)


def collect_again() -> None:
    """Collect garbage from now on; what the start has made is never looked through again."""
    gc.freeze()
    gc.enable()


def _import_without_sources() -> None:
    """WORKAROUND PySide6 6.11: after every import it reads the module's source, to see whether it mentions PySide6.

    It looks for its own language extensions (`from __feature__ import …`), which Vesper does not use. The sources of
    500 modules stay in memory (30 MB), and reading them delays the core's start.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = _uses_no_extension  # type: ignore[attr-defined]


def _uses_no_extension(_: ModuleType) -> bool:
    return False
