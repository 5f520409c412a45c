"""The responder, made in a thread while the microphone already listens: its language data takes half a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from vesper.base.errors import VesperError, unexpected
from vesper.base.tasks import in_own_thread
from vesper.dialogue.responder import Responder

LONGEST_STORAGE_S = 20.0


class LateResponder:
    """Makes the responder once; whoever needs it waits for `ready`."""

    def __init__(self, make: Callable[[], Responder]) -> None:
        self._make = make
        self._responder: Responder | None = None
        self._failure: VesperError | None = None
        self._is_tried = asyncio.Event()

    async def make(self) -> None:
        """Make it, in a thread; it is not given out before `open`. A failure (damaged language data) is kept."""
        try:
            self._responder = await in_own_thread(self._make, "responder")
        except Exception as error:  # noqa: BLE001 (raised again for whoever asks something)
            self._failure = unexpected(error)

    async def open(self, after: asyncio.Task[None] | None = None) -> None:
        """Give it out, once it is made and `after` has ended. A failure is raised by `ready`.

        A timer set before the storage is open would not be on disk; storage that hangs is waited for no longer than
        `LONGEST_STORAGE_S`.
        """
        if self._responder is None and self._failure is None:
            await self.make()
        if after is not None:
            await asyncio.wait((after,), timeout=LONGEST_STORAGE_S)
        self._is_tried.set()

    async def ready(self) -> Responder:
        """The responder, as soon as it is there. Raises why it could not be made."""
        await self._is_tried.wait()
        if self._failure is not None:
            raise self._failure
        assert self._responder is not None
        return self._responder
