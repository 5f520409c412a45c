"""`python -m vesper.worker.child module:Class`: runs one engine, told what to do over its standard input.

Requests come in on file descriptor 0 and replies go out on 1; both are moved away first and replaced by
nothing, because engines and their libraries print. Standard error keeps only the trace of a native crash: what
libraries log there may hold what a person said. The child ends when its input does, that is also when the
parent was killed.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import queue
import signal
import sys
import threading
from typing import IO

from vesper.worker import wire
from vesper.worker.messages import Request, load_class
from vesper.worker.performer import Performer

GRACE_S = 1.0
"""How long an engine may take to end when the input is over."""


def main(target: str) -> None:
    """Serve until the input ends; never returns."""
    requests, replies = _take_over_the_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches the parent, which ends its children

    def make() -> object:
        return load_class(target)()  # imported when opened, so that a failing import is told as a reply

    performer = Performer(make)
    work: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests, work, performer), daemon=True).start()
    while (request := work.get()) is not None:
        for reply in performer.replies(request):
            try:
                replies.write(wire.pack(reply))
            except TypeError as error:
                replies.write(wire.pack(wire.refusal(reply, error)))
    with contextlib.suppress(Exception):
        performer.close()
    os._exit(0)  # libraries have been seen to fail in their own clean-up; nothing of ours is left to write


def _take_over_the_pipes() -> tuple[IO[bytes], IO[bytes]]:
    requests, replies, crashes = os.dup(0), os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    faulthandler.enable(os.fdopen(crashes, "w"))
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb", buffering=0)


def _read(requests: IO[bytes], work: queue.SimpleQueue[Request | None], performer: Performer) -> None:
    """Queue what is requested; a cancel overtakes the queue."""
    try:
        while True:
            request: Request = wire.read(requests)
            if request.do == "cancel":
                performer.cancel(request.id)
            else:
                work.put(request)
    except (EOFError, OSError):
        work.put(None)
    threading.Event().wait(GRACE_S)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
