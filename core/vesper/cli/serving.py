"""Who serves a command: the Vesper that runs for this home, or one made for this command alone, without a voice.

Either is asked by the name of a call (the tables `Assistant.calls` and `SingleCommand.calls`), so a command does not
care which it got. Both are imported when they are used: a command that a running Vesper serves is quick.
"""

from __future__ import annotations

import asyncio
from typing import Any

from vesper.base.paths import UserPaths
from vesper.cli.output import note
from vesper.control import connect


def served(paths: UserPaths, call: str, /, **args: Any) -> tuple[Any, bool]:
    """The result of a call, and whether a running Vesper gave it. Raises the call's VesperError."""
    client = connect(paths)
    if client is not None:
        try:
            return client.call(call, **args), True
        finally:
            client.close()
    by_itself = _checked if call == "selfcheck" else _by_itself
    return asyncio.run(by_itself(paths, call, args)), False


async def _by_itself(paths: UserPaths, name: str, args: dict[str, Any]) -> Any:
    from vesper.single_command import SingleCommand

    command = SingleCommand(paths)
    try:
        return await command.calls[name](**args)
    finally:
        for sentence in await command.close():
            note(sentence)


async def _checked(paths: UserPaths, name: str, args: dict[str, Any]) -> Any:
    """Selfcheck tries every engine, so it needs the whole assistant."""
    from vesper.assembly import assemble_typed

    assistant = assemble_typed(paths)
    try:
        await assistant.start()
        return await assistant.calls[name](**args)
    finally:
        await assistant.close()
