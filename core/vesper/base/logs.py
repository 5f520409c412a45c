"""The log: one line an entry, in the user's log folder, without private words.

What a person said, typed or was told never goes into a log; code logs names, numbers and places. Tests fail
on any entry of level WARNING or above that they did not announce.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def start_log(folder: Path | None, *, debug: bool = False) -> None:
    """Log to `folder`/vesper.log (1 MB, three kept), and to stderr with `debug`. Safe to call twice.

    Where the folder cannot be written, Vesper goes on without a log file.
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.getLogger("vesper").setLevel(logging.DEBUG if debug else logging.INFO)
    if folder is not None and not any(isinstance(h, logging.FileHandler) for h in root.handlers):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handler = logging.handlers.RotatingFileHandler(
                folder / "vesper.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
            )
        except OSError:
            debug = True
        else:
            handler.setFormatter(logging.Formatter(_FORMAT))
            root.addHandler(handler)
    if debug and not any(type(h) is logging.StreamHandler for h in root.handlers):
        stream = logging.StreamHandler(sys.stderr)
        stream.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(stream)
