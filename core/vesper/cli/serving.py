"""Who serves a command: the Vesper that runs for this home, or one made for this command alone, without a voice.

Either is asked by the name of a call (the table `Assistant.calls`), so a command does not care which it got.
"""

from __future__ import annotations

import asyncio
from typing import Any

from vesper.assembly import assemble_typed
from vesper.base.paths import UserPaths
from vesper.control import connect


def served(paths: UserPaths, call: str, /, **args: Any) -> tuple[Any, bool]:
    """The result of a call, and whether a running Vesper gave it. Raises the call's VesperError."""
    client = connect(paths)
    if client is not None:
        try:
            return client.call(call, **args), True
        finally:
            client.close()
    return asyncio.run(_by_itself(paths, call, args)), False


async def _by_itself(paths: UserPaths, name: str, args: dict[str, Any]) -> Any:
    assistant = assemble_typed(paths)
    try:
        await assistant.start()
        return await assistant.calls[name](**args)
    finally:
        await assistant.close()
