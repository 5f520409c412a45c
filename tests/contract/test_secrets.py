"""What every secret store promises: the system's keyring (a real one, on a bus of its own) and the scripted one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.keyring_rig import keyring_session
from vesper.base.errors import Missing
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.engines import ENGINES
from vesper.engines.scripted import SCRIPTED
from vesper.ports.engine import EngineSpec
from vesper.worker.proxy import EngineProxy, make_async

SPECS = [spec for spec in (*ENGINES, *SCRIPTED) if spec.role == "secrets"]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with keyring_session(tmp_path_factory.mktemp("keyring")) as env:
        yield env


def in_a_child(spec: EngineSpec) -> EngineSpec:
    """A keyring library reads its environment once, so the real one is asked from a process that has the bus."""
    return replace(spec, runs="child")


@pytest.fixture(params=SPECS, ids=lambda spec: spec.name)
async def store(
    request: pytest.FixtureRequest, session: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[EngineProxy]:
    for name, value in session.items():
        monkeypatch.setenv(name, value)
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(in_a_child(request.param), owner=owner)
    await proxy.open()
    yield proxy
    await proxy.close()
    await owner.close()


async def test_a_secret_is_kept_until_it_is_deleted(store: EngineProxy) -> None:
    assert await store.get("a-key") is None
    await store.set("a-key", "00ff" * 16)
    assert await store.get("a-key") == "00ff" * 16
    await store.delete("a-key")
    assert await store.get("a-key") is None


async def test_a_later_secret_takes_the_place_of_an_earlier_one(store: EngineProxy) -> None:
    await store.set("b-key", "first")
    await store.set("b-key", "second")
    assert await store.get("b-key") == "second"


async def test_names_do_not_get_in_each_others_way(store: EngineProxy) -> None:
    await store.set("c-key", "c")
    await store.set("d-key", "d")
    await store.delete("c-key")
    assert await store.get("d-key") == "d"


async def test_deleting_what_is_not_there_is_nothing(store: EngineProxy) -> None:
    await store.delete("never there")


async def test_any_text_can_be_a_secret(store: EngineProxy) -> None:
    secret = 'ümlaut "quoted" \n 🎉'
    await store.set("e-key", secret)
    assert await store.get("e-key") == secret


async def test_the_probe_finds_it_usable(store: EngineProxy) -> None:
    assert (await store.probe()).state == "ok"


async def test_where_there_is_no_keyring_the_user_is_told_what_happens_instead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nowhere'}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    owner = TaskOwner("test", told_by_awaiting)
    proxy = make_async(in_a_child(next(spec for spec in SPECS if spec.name == "keyring")), owner=owner)
    with pytest.raises(Missing) as failure:
        await proxy.open()
    assert failure.value.code == "keyring.missing"
    assert failure.value.hint
    await owner.close()
