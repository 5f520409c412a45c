"""The catalogue of models, read from `models/catalog.toml`, and the check of their files against their digests.

A package that carries models is found without importing it: an import may take half a second.
"""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vesper.base.errors import BadInput
from vesper.base.paths import bundled

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model: `role` is the port it serves; `files` maps a path inside `package` to its allowed SHA-256 digests.

    `languages` are ISO 639-1 codes, empty where language does not matter; `memory_mb` is what it takes when loaded.
    """

    id: str
    role: str
    title: str
    package: str
    licence: str
    source: str
    languages: tuple[str, ...]
    memory_mb: int
    files: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Verification:
    """How a model's files are; `files` are the ones that are missing or damaged."""

    entry: ModelEntry
    state: Literal["ok", "missing", "damaged"]
    files: tuple[str, ...] = ()


class Catalog:
    """All models by id, in the order of the file."""

    def __init__(self, entries: Sequence[ModelEntry]) -> None:
        self.entries = tuple(entries)

    @classmethod
    def load(cls, path: Path | None = None) -> Catalog:
        """Read the catalogue that comes with Vesper, or the one at `path`. Raises BadInput("catalog.unreadable")."""
        file = path or bundled("models/catalog.toml")
        try:
            tables = tomllib.loads(file.read_text(encoding="utf-8"))["model"]
            return cls([_entry(table) for table in tables])
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise BadInput(
                "catalog.unreadable",
                f'The list of models "{file.name}" cannot be read.',
                f"Install Vesper again. ({error})",
            ) from error

    def of_role(self, role: str) -> list[ModelEntry]:
        """The models that serve a role."""
        return [entry for entry in self.entries if entry.role == role]

    def verify(self) -> list[Verification]:
        """Check every file of every model; reads them all (45 MB), so not for the event loop."""
        return [verify(entry) for entry in self.entries]


def verify(entry: ModelEntry) -> Verification:
    """Check the files of one model. A damaged file counts for more than a missing one."""
    folder = _folder(entry.package)
    if folder is None:
        return Verification(entry, "missing", tuple(entry.files))
    missing = tuple(name for name in entry.files if not (folder / name).is_file())
    present = (name for name in entry.files if name not in missing)
    damaged = tuple(name for name in present if _digest(folder / name) not in entry.files[name])
    if damaged:
        return Verification(entry, "damaged", damaged)
    return Verification(entry, "missing", missing) if missing else Verification(entry, "ok")


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _digest(path: Path) -> str:
    """The file's SHA-256 as hex; "" where it cannot be read, which no digest equals."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def _entry(table: Mapping[str, Any]) -> ModelEntry:
    return ModelEntry(
        id=str(table["id"]),
        role=str(table["role"]),
        title=str(table["title"]),
        package=str(table["package"]),
        licence=str(table["licence"]),
        source=str(table["source"]),
        languages=tuple(table["languages"]),
        memory_mb=int(table["memory_mb"]),
        files={
            name: (digests,) if isinstance(digests, str) else tuple(digests) for name, digests in table["files"].items()
        },
    )
