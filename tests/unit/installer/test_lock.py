"""How a resolved list is shared out."""

from __future__ import annotations

from installer.lock import blocks


def test_versions_for_different_systems_stay_together() -> None:
    lock = "a==1 ; x \\\n    --hash=sha256:1\na==2 ; y \\\n    --hash=sha256:2\nb==3 \\\n    --hash=sha256:3\n"
    found = blocks(lock)
    assert list(found) == ["a", "b"]
    assert found["a"].count("--hash") == 2
    assert "".join(found.values()) == lock
