"""Where secrets lie: the system's keyring, or a file where there is none."""

from __future__ import annotations

from typing import Protocol


class SecretStore(Protocol):
    """Keeps small secrets under a name."""

    def get(self, name: str) -> str | None:
        """The secret, or None. Raises Missing("keyring.missing", …) where there is no keyring."""
        ...

    def set(self, name: str, secret: str) -> None:
        """Keep a secret. Raises Missing("keyring.missing", …) where there is no keyring."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens when there is none."""
        ...
