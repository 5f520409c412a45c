"""The program of the child that looks for devices where the system does not tell: a line whenever the list changed.

It has a PortAudio of its own, which it can make anew as often as it likes. It ends with the process that started it.
"""

from __future__ import annotations

import sys
import threading

from vesper.base.errors import VesperError
from vesper.engines.audio_sounddevice import portaudio

EVERY_S = 1.0


def main() -> None:
    """Look until nobody reads any more."""
    pause, before = threading.Event(), found()
    while True:
        pause.wait(EVERY_S)
        portaudio.rebuild()
        now = found()
        if now != before:
            before = now
            sys.stdout.write("devices\n")
        else:
            sys.stdout.write("\n")  # a pipe that is closed at the other end is noticed by writing alone
        sys.stdout.flush()


def found() -> list[portaudio.Listed]:
    """The list, or an empty one."""
    try:
        return portaudio.listed()
    except VesperError:
        return []


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.stderr.close()
