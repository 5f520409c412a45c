"""The program of the child that looks for devices where the system does not tell: a line whenever the list changed.

It has a PortAudio of its own, which it can make anew as often as it likes. It ends when its input does, so also with
the process that started it, however that ends.
"""

from __future__ import annotations

import os
import sys
import threading

from vesper.base.errors import VesperError
from vesper.engines.audio_sounddevice import portaudio

EVERY_S = 1.0


def main() -> None:
    """Look until the input ends."""
    is_over, before = threading.Event(), found()
    threading.Thread(target=_await_end, args=(is_over,), daemon=True).start()
    while not is_over.wait(EVERY_S):
        portaudio.rebuild()
        now = found()
        if now != before:
            before = now
            sys.stdout.write("devices\n")
            sys.stdout.flush()


def _await_end(is_over: threading.Event) -> None:
    while os.read(0, 1 << 10):
        pass
    is_over.set()


def found() -> list[portaudio.Listed]:
    """The list, or an empty one."""
    try:
        return portaudio.listed()
    except VesperError:
        return []


if __name__ == "__main__":
    main()
