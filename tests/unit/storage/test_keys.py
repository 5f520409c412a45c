"""The key: in the keyring where there is one, else a private file, and only ever one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from vesper.base.errors import Missing, StorageFailed
from vesper.base.paths import UserPaths, user_paths
from vesper.storage.keys import KEY_BYTES, database_key


class MemoryKeyring:
    """A keyring that keeps its secrets as long as the test."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.secrets.get(name)

    def set(self, name: str, secret: str) -> None:
        self.secrets[name] = secret

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


class NoKeyring:
    """A system without a keyring, as the engine tells it."""

    def get(self, name: str) -> str | None:
        raise Missing("keyring.missing", f"There is no keyring for {name}.")

    def set(self, name: str, secret: str) -> None:
        raise Missing("keyring.missing", f"There is no keyring for {name} ({len(secret)}).")

    def delete(self, name: str) -> None:
        raise Missing("keyring.missing", f"There is no keyring for {name}.")


@pytest.fixture
def desktop(tmp_path: Path) -> UserPaths:
    """The folders of a user's desktop, as against a private home."""
    return UserPaths(*(tmp_path / name for name in ("data", "config", "cache", "logs")), is_private_home=False)


def test_in_a_private_home_the_key_is_a_private_file_announced_once(tmp_path: Path):
    paths = user_paths(tmp_path / "home")
    first = database_key(paths, MemoryKeyring())
    file = paths.data / "key"
    assert len(first.key) == KEY_BYTES
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in first.notice
    second = database_key(paths, None)
    assert (second.key, second.notice) == (first.key, "")


def test_on_a_desktop_the_keyring_keeps_it_under_a_random_id(desktop: UserPaths):
    keyring = MemoryKeyring()
    first = database_key(desktop, keyring)
    assert first.notice == ""
    assert not (desktop.data / "key").exists()
    secret_id = (desktop.data / "key-id").read_text()
    assert keyring.secrets == {secret_id: first.key.hex()}
    assert database_key(desktop, keyring).key == first.key


def test_without_a_keyring_the_file_serves_and_stays_in_use_when_one_comes(desktop: UserPaths):
    first = database_key(desktop, NoKeyring())
    assert "no keyring" in first.notice
    assert database_key(desktop, MemoryKeyring()).key == first.key


@pytest.mark.parametrize("keyring", [NoKeyring(), MemoryKeyring(), None])
def test_a_key_that_cannot_be_reached_is_never_replaced(desktop: UserPaths, keyring: NoKeyring | MemoryKeyring | None):
    database_key(desktop, MemoryKeyring())
    with pytest.raises(StorageFailed) as failed:
        database_key(desktop, keyring)
    assert failed.value.code == "storage.key_locked"


def test_data_without_its_key_gets_no_new_key(tmp_path: Path):
    paths = user_paths(tmp_path)
    paths.database_file.write_bytes(b"noise")
    with pytest.raises(StorageFailed) as failed:
        database_key(paths, None)
    assert failed.value.code == "storage.key_lost"


def test_a_damaged_key_file_is_told(tmp_path: Path):
    (tmp_path / "key").write_text("half a k")
    with pytest.raises(StorageFailed) as failed:
        database_key(user_paths(tmp_path), None)
    assert failed.value.code == "storage.key_damaged"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed) as failed:
        database_key(user_paths(tmp_path / "file" / "home"), None)
    assert failed.value.code == "storage.unreachable"


@pytest.mark.parametrize("is_private_home", [True, False])
def test_programs_that_start_together_end_up_with_one_key(tmp_path: Path, is_private_home: bool):
    keyring, together = MemoryKeyring(), Barrier(8)
    paths = UserPaths(tmp_path, tmp_path, tmp_path, tmp_path, is_private_home)

    def start() -> tuple[bytes, str]:
        together.wait(10)
        found = database_key(paths, keyring)
        return found.key, found.notice

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: start(), range(8)))
    assert len({key for key, _ in found}) == 1
    assert sum(bool(notice) for _, notice in found) == int(is_private_home)
    assert len(keyring.secrets) == int(not is_private_home)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
