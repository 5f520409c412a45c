"""Secrets in memory, for one run."""

from __future__ import annotations

from vesper.ports.engine import EngineInfo, Probe


class ScriptedSecretStore:
    """Keeps secrets until it is closed."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    @property
    def info(self) -> EngineInfo:
        """See `Engine`."""
        return EngineInfo("scripted", facts={"backend": "memory"})

    def open(self) -> None:
        """See `Engine`."""

    def get(self, name: str) -> str | None:
        """See `SecretStore`."""
        return self._secrets.get(name)

    def set(self, name: str, secret: str) -> None:
        """See `SecretStore`."""
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        """See `SecretStore`."""
        self._secrets.pop(name, None)

    def close(self) -> None:
        """See `Engine`."""
        self._secrets.clear()

    def probe(self) -> Probe:
        """See `Engine`."""
        return Probe("ok", "memory")
