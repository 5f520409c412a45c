"""Where things lie: the user's folders, and the data that comes with Vesper. Nobody else computes such a path.

With a home (`VESPER_HOME` or `--home`) data, cache, config and logs all lie under that one folder; else under
the folders the system keeps for such things (platformdirs).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import vesper


@dataclass(frozen=True, slots=True)
class UserPaths:
    """The user's folders. Nothing is created until `make` is called.

    `is_private_home` is True when one folder was named for everything: then the key lies in it too
    (interfaces.md section 1), and the instance's socket is named after it.
    """

    data: Path
    config: Path
    cache: Path
    logs: Path
    is_private_home: bool

    @property
    def settings_file(self) -> Path:
        """The user's settings as TOML."""
        return self.config / "settings.toml"

    @property
    def database_file(self) -> Path:
        """The encrypted database."""
        return self.data / "vesper.db"

    def make(self) -> None:
        """Create the folders, readable by this user alone.

        Raises OSError where the place is read-only or full.
        """
        for folder in (self.data, self.config, self.cache, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def user_paths(home: str | Path | None = None) -> UserPaths:
    """The user's folders, under `home` or `VESPER_HOME` where one of them is given."""
    chosen = home or os.environ.get("VESPER_HOME")
    if chosen:
        root = Path(chosen).expanduser().absolute()
        return UserPaths(data=root, config=root, cache=root / "cache", logs=root / "logs", is_private_home=True)
    import platformdirs

    dirs = platformdirs.PlatformDirs("vesper", appauthor=False)
    return UserPaths(
        data=Path(dirs.user_data_dir),
        config=Path(dirs.user_config_dir),
        cache=Path(dirs.user_cache_dir),
        logs=Path(dirs.user_log_dir),
        is_private_home=False,
    )


def bundled(name: str) -> Path:
    """A file or folder that comes with Vesper: "models/catalog.toml", "resources/languages/en".

    An installed wheel holds them under `vesper/bundled`, an editable install leaves them at the top of the
    checkout; only this function knows both places.
    """
    package = Path(vesper.__file__).parent
    installed = package / "bundled"
    return (installed if installed.is_dir() else package.parent.parent) / name
