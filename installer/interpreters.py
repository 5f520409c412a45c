"""Which Python Vesper's environment is made with: the one that runs this, or another on this machine."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterable, List, Optional, Tuple

Version = Tuple[int, int]

OLDEST: Version = (3, 11)
NEWEST: Version = (3, 13)
PREFERRED: Tuple[Version, ...] = ((3, 13), (3, 11), (3, 12))


def fits(version: Version, system: str = sys.platform, machine: str = "") -> bool:
    """Whether Vesper runs on this version here; 3.12 lacks a recogniser wheel on arm64 Linux."""
    machine = machine or platform.machine()
    if version == (3, 12) and system.startswith("linux") and machine in ("aarch64", "arm64"):
        return False
    return OLDEST <= version <= NEWEST


def own() -> Optional[str]:
    """The interpreter that runs this, when Vesper runs on it; never the one inside another environment."""
    if not fits((sys.version_info[0], sys.version_info[1])):
        return None
    return getattr(sys, "_base_executable", None) or sys.executable


def found() -> Optional[str]:
    """The best interpreter on this machine, or None: then uv fetches one."""
    return own() or next((path for path in _elsewhere() if _version_of([path]) is not None), None)


def candidates(version: Version, pyenv: Path) -> List[str]:
    """Where an interpreter of this version may be: on the PATH, then in pyenv (newest patch first)."""
    name = "python{}.{}".format(*version)
    on_path = shutil.which(name)
    in_pyenv = sorted(
        pyenv.glob("versions/{}.{}.*/bin/{}".format(version[0], version[1], name)), key=_patch, reverse=True
    )
    return ([on_path] if on_path else []) + [str(path) for path in in_pyenv]


def _elsewhere() -> Iterable[str]:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in PREFERRED:
        if not fits(version):
            continue
        if sys.platform == "win32":
            launched = _version_of(["py", "-{}.{}".format(*version)])
            if launched is not None:
                yield launched
        yield from candidates(version, pyenv)


def _patch(path: Path) -> Tuple[int, ...]:
    return tuple(int(part) for part in path.parent.parent.name.split(".") if part.isdigit())


def _version_of(command: List[str]) -> Optional[str]:
    """The interpreter's own path, when it starts and fits (a pyenv shim of an absent version does not start)."""
    code = "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)"
    try:
        told = subprocess.run([*command, "-c", code], capture_output=True, text=True, timeout=20, check=True).stdout
        major, minor, path = told.strip().split(" ", 2)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return path if fits((int(major), int(minor))) else None
