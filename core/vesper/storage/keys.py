"""The key of the encrypted file: in the system's keyring, or in a file beside the data where there is none.

The keyring's entry has a random id, kept in the file `key-id`, so that several folders never share a key. With a
private home, or without a keyring, the key itself is the file `key` (mode 0600). Whichever file appears first wins:
two programs that start together end up with the same key.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from vesper.base.errors import Missing, StorageFailed
from vesper.base.paths import UserPaths
from vesper.ports.secrets import SecretStore
from vesper.storage.failures import storage_failure

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """The raw 32-byte key, and a `notice` to print on stderr once ("" when there is nothing to say)."""

    key: bytes
    notice: str = ""


def database_key(paths: UserPaths, keyring: SecretStore | None) -> DatabaseKey:
    """Find the key of the user's data, or make one where there is no data yet.

    The keyring may ask its daemon, so this blocks: call it in a thread. Raises StorageFailed when the key of existing
    data cannot be reached, or when a new one cannot be kept.
    """
    try:
        paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _found(paths, keyring) or _made(paths, keyring)
    except OSError as error:
        raise storage_failure(error, paths.database_file) from error


def _found(paths: UserPaths, keyring: SecretStore | None) -> DatabaseKey | None:
    key_file, id_file = _key_file(paths), _id_file(paths)
    if key_file.exists():
        return DatabaseKey(_checked(key_file.read_text(encoding="ascii"), key_file))
    if id_file.exists():
        return DatabaseKey(_from_keyring(id_file.read_text(encoding="ascii").strip(), keyring, id_file))
    if paths.database_file.exists() and paths.database_file.stat().st_size:
        sentence = "Your data is there, but its key is not."
        hint = f"Bring {key_file} back from a backup, or move {paths.database_file} aside to begin anew."
        raise StorageFailed("storage.key_lost", sentence, hint)
    return None


def _made(paths: UserPaths, keyring: SecretStore | None) -> DatabaseKey:
    """Keep a new key; when another program was quicker, theirs."""
    key = secrets.token_hex(KEY_BYTES)
    secret_id = f"vesper-{secrets.token_hex(16)}"
    if keyring is not None and not paths.is_private_home and _kept_in_keyring(keyring, secret_id, key):
        if not _create(_id_file(paths), secret_id):
            keyring.delete(secret_id)
        return _found_again(paths, keyring)
    is_new = _create(_key_file(paths), key)
    found = _found_again(paths, keyring)
    place = "in this home" if paths.is_private_home else "because this system offers no keyring"
    notice = f"Vesper keeps the key of your data in the file {_key_file(paths)}, {place}. Keep it to yourself."
    return DatabaseKey(found.key, notice if is_new else "")


def _found_again(paths: UserPaths, keyring: SecretStore | None) -> DatabaseKey:
    found = _found(paths, keyring)
    assert found is not None, "the file was just written"
    return found


def _kept_in_keyring(keyring: SecretStore, secret_id: str, key: str) -> bool:
    """Keep the key and read it back: some keyrings take a secret and forget it."""
    try:
        keyring.set(secret_id, key)
        return keyring.get(secret_id) == key
    except Missing:
        return False


def _from_keyring(secret_id: str, keyring: SecretStore | None, id_file: Path) -> bytes:
    try:
        key = keyring.get(secret_id) if keyring is not None else None
    except Missing:
        key = None
    if key is None:
        sentence = "The keyring that holds the key of your data cannot be reached."
        raise StorageFailed("storage.key_locked", sentence, "Unlock your system's keyring and start Vesper again.")
    return _checked(key, id_file)


def _checked(text: str, place: Path) -> bytes:
    with contextlib.suppress(ValueError):
        key = bytes.fromhex(text.strip())
        if len(key) == KEY_BYTES:
            return key
    raise StorageFailed("storage.key_damaged", "The key of your data is damaged.", f"Restore {place} from a backup.")


def _create(path: Path, text: str) -> bool:
    """Let the file appear as a whole, with its text on disk; False when it was there already.

    A hard link is the one step that both refuses to replace and never shows half a file.
    """
    partial = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        _write_private(partial, text)
        try:
            os.link(partial, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links (FAT): the exclusive open is nearly as good
            return _write_unless_there(path, text)
        _sync_folder(path.parent)
        return True
    finally:
        partial.unlink(missing_ok=True)


def _write_unless_there(path: Path, text: str) -> bool:
    try:
        _write_private(path, text)
    except FileExistsError:
        return False
    return True


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _key_file(paths: UserPaths) -> Path:
    return paths.data / "key"


def _id_file(paths: UserPaths) -> Path:
    return paths.data / "key-id"
