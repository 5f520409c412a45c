"""One Vesper a home, asked by other commands: lock, then socket, one line of JSON a call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from vesper.base.errors import Missing, StorageFailed, VesperError
from vesper.base.paths import user_paths
from vesper.control import ControlClient, ControlServer, InstanceLock, connect, control_address


async def add(a: int, b: int) -> int:
    return a + b


async def missing() -> None:
    raise Missing("voice.missing", "No voice is installed.", "Install one.")


async def buggy() -> None:
    raise ZeroDivisionError


CALLS = {"add": add, "missing": missing, "buggy": buggy}


@asynccontextmanager
async def serving(home: Path) -> AsyncIterator[ControlClient]:
    """A client connected to a server of this home."""
    paths = user_paths(home)
    await asyncio.to_thread(paths.make)
    server = ControlServer(control_address(paths), CALLS)
    await server.start()
    client = await asyncio.to_thread(connect, paths)
    assert client is not None
    try:
        yield client
    finally:
        await asyncio.to_thread(client.close)
        await server.close()


async def ask(client: ControlClient, call: str, **args: Any) -> Any:
    return await asyncio.to_thread(lambda: client.call(call, **args))


async def test_a_call_is_answered_again_and_again(vesper_home: Path) -> None:
    async with serving(vesper_home) as client:
        assert await ask(client, "add", a=1, b=2) == 3
        assert await ask(client, "add", a=3, b=4) == 7


async def test_an_expected_failure_comes_out_as_it_was_raised(vesper_home: Path) -> None:
    async with serving(vesper_home) as client:
        with pytest.raises(VesperError) as caught:
            await ask(client, "missing")
        assert caught.value.as_dict() == Missing("voice.missing", "No voice is installed.", "Install one.").as_dict()
        assert caught.value.exit_code == Missing.exit_code


@pytest.mark.parametrize(
    ("call", "args", "code"),
    [("unknown", {}, "control.call"), ("add", {"c": 1}, "control.call"), ("buggy", {}, "vesper.bug")],
)
async def test_a_wrong_call_and_a_bug_are_answered_and_the_server_goes_on(
    vesper_home: Path, call: str, args: dict[str, Any], code: str
) -> None:
    async with serving(vesper_home) as client:
        with pytest.raises(VesperError) as caught:
            await ask(client, call, **args)
        assert caught.value.code == code
        assert await ask(client, "add", a=1, b=1) == 2


async def test_nonsense_on_the_socket_is_answered_as_wrong_usage(vesper_home: Path) -> None:
    async with serving(vesper_home):
        reader, writer = await asyncio.open_unix_connection(control_address(user_paths(vesper_home)))
        writer.write(b"hello\n")
        answer = json.loads(await reader.readline())
        writer.close()
        assert (answer["error"]["code"], answer["exit_code"]) == ("control.call", 2)


async def test_the_socket_is_this_users_alone_and_gone_in_the_end(vesper_home: Path) -> None:
    socket = Path(control_address(user_paths(vesper_home)))
    async with serving(vesper_home):
        assert (await asyncio.to_thread(socket.stat)).st_mode & 0o777 == 0o600
    assert not await asyncio.to_thread(socket.exists)


def test_nobody_to_connect_to_is_none(vesper_home: Path) -> None:
    assert connect(user_paths(vesper_home)) is None


def test_a_home_with_a_long_path_has_a_short_socket(vesper_home: Path) -> None:
    paths = user_paths(vesper_home / ("long" * 40))
    assert len(control_address(paths)) < 100
    assert control_address(paths) != control_address(user_paths(vesper_home / ("long" * 41)))


def test_the_lock_belongs_to_one_and_can_be_taken_again(vesper_home: Path) -> None:
    first, second = InstanceLock(user_paths(vesper_home)), InstanceLock(user_paths(vesper_home))
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_home_that_is_a_file_is_told(vesper_home: Path) -> None:
    vesper_home.write_text("not a folder")
    with pytest.raises(StorageFailed, match="cannot be written"):
        InstanceLock(user_paths(vesper_home)).take()
