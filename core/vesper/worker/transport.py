"""The way requests take to the place where an engine runs: `loop`, `thread`, or `host` for a child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from vesper.worker.messages import Reply, Request


class Transport(Protocol):
    """One running engine. Belongs to one event loop; used for one life of the engine, then thrown away."""

    async def start(self, take: Callable[[Reply], None], gone: Callable[[str], None]) -> None:
        """Start it. Replies go to `take` in the loop; `gone` is called once with a reason if it ends by itself.

        Raises EngineFailed when it cannot be started.
        """
        ...

    async def prepared(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Arguments that may be large, in the form in which sending them costs the loop nothing.

        Raises TypeError for values that cannot cross.
        """
        ...

    def send(self, request: Request) -> None:
        """Hand over a request, at once. Nothing happens when the engine is gone.

        Raises TypeError for values that cannot cross.
        """
        ...

    async def stop(self) -> None:
        """End it, by force when it does not follow within half a second."""
        ...

    def kill(self) -> None:
        """End it by force, without waiting."""
        ...
