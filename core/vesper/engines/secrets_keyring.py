"""Secrets in the system's keyring: Secret Service, macOS Keychain or Windows Credential Locker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vesper.base.errors import Missing
from vesper.ports.engine import EngineInfo, Probe

SERVICE = "vesper"
_PROBE = "vesper-probe"
"""Headless, only a real question shows that nobody keeps secrets; nothing is ever kept under this name."""

T = TypeVar("T")


class KeyringSecretStore:
    """Keeps secrets under the service name "vesper" in whichever keyring the system offers."""

    @property
    def info(self) -> EngineInfo:
        """Name, and the keyring that is used."""
        return EngineInfo("keyring", facts={"backend": type(_keyring().get_keyring()).__module__})

    def open(self) -> None:
        """Find the keyring. Raises Missing("keyring.missing", …) where there is none."""
        self.get(_PROBE)

    def get(self, name: str) -> str | None:
        """See `SecretStore`."""
        return _asked(lambda: _keyring().get_password(SERVICE, name))

    def set(self, name: str, secret: str) -> None:
        """See `SecretStore`."""
        _asked(lambda: _keyring().set_password(SERVICE, name, secret))

    def delete(self, name: str) -> None:
        """See `SecretStore`."""
        if self.get(name) is not None:
            _asked(lambda: _keyring().delete_password(SERVICE, name))

    def close(self) -> None:
        """See `Engine`; a keyring needs no closing."""

    def probe(self) -> Probe:
        """See `Engine`."""
        try:
            self.get(_PROBE)
        except Missing as error:
            return Probe("problem", error.sentence, error.hint)
        return Probe("ok", str(self.info.facts["backend"]))


def _keyring() -> Any:
    import keyring

    return keyring


def _asked(question: Callable[[], T]) -> T:
    """What the keyring answers; its failures as Missing, since a locked one is as good as none."""
    from keyring.errors import KeyringError

    try:
        return question()
    except KeyringError as error:
        raise Missing(
            "keyring.missing",
            "There is no system keyring that Vesper could use.",
            "Vesper keeps its key in a file of your own folder instead.",
        ) from error
