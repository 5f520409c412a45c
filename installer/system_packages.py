"""What the system must bring: read from system-packages.toml, compared with what is there, installed if agreed.

Debian and Ubuntu use apt-get, macOS brew, Windows winget. What cannot be installed is told as one line to paste,
and the rest goes on: Vesper says later, and precisely, what does not work without it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Set

from installer.console import Console, Failed

LIST = Path(__file__).resolve().parent / "system-packages.toml"
Table = Dict[str, Dict[str, str]]

_SECTION = re.compile(r"^\[([a-z.]+)\]$")
_ENTRY = re.compile(r'^"?([A-Za-z0-9_.+-]+)"?\s*=\s*(?:"([^"]*)"|\'([^\']*)\')\s*(?:#.*)?$')


def read(text: str) -> Table:
    """The tables of the list, "debian.run" -> {package: reason}.

    Sections, quoted values and comments only: Python 3.9 and 3.10 have no TOML reader. Raises ValueError with the
    line that is anything else.
    """
    tables: Table = {}
    current: Optional[Dict[str, str]] = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        section, entry = _SECTION.match(line), _ENTRY.match(line)
        if section:
            current = tables.setdefault(section.group(1), {})
        elif entry and current is not None:
            current[entry.group(1)] = entry.group(2) if entry.group(2) is not None else entry.group(3)
        elif line and not line.startswith("#"):
            raise ValueError("system-packages.toml, line {}: {}".format(number, line))
    return tables


def system_name(platform: str, has_apt: bool) -> str:
    """Which tables apply: debian, macos, windows, or "other" (a Linux without apt-get)."""
    if platform == "darwin":
        return "macos"
    if platform == "win32":
        return "windows"
    return "debian" if has_apt else "other"


def wanted(tables: Table, system: str, groups: Sequence[str]) -> Dict[str, str]:
    """Package -> reason for these groups ("run", "test")."""
    return {name: why for group in groups for name, why in tables.get(system + "." + group, {}).items()}


def installed_on_debian(listing: str) -> Set[str]:
    """The packages in dpkg-query's answer, with what they provide (a renamed library provides its old name)."""
    names: Set[str] = set()
    for line in listing.splitlines():
        status, name, provides = [*line.split("\t"), "", ""][:3]
        if status.startswith("ii"):
            names.add(name)
            names.update(part.split("(")[0].strip() for part in provides.split(",") if part.strip())
    return names


def missing(names: Sequence[str], system: str, tables: Table) -> List[str]:
    """Those of these packages that are not there, in order."""
    if system == "debian":
        query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}\\t${Package}\\t${Provides}\\n"]
        there = installed_on_debian(subprocess.run(query, capture_output=True, text=True, check=False).stdout)
        return [name for name in names if name not in there]
    found_by = tables.get(system + ".programs", {})
    return [name for name in names if not _is_there(found_by.get(name, name))]


def install_command(system: str, names: Sequence[str]) -> List[str]:
    """The command that installs these packages (on Debian to be run as root)."""
    if system == "debian":
        return ["apt-get", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", *names]
    if system == "macos":
        return ["brew", "install", *names]
    return [
        "winget",
        "install",
        "--exact",
        "--silent",
        "--accept-package-agreements",
        "--accept-source-agreements",
        "--id",
    ]


def pasteable(system: str, names: Sequence[str]) -> str:
    """The one line a person pastes to install these packages."""
    if system == "debian":
        return "sudo apt-get install -y --no-install-recommends " + " ".join(names)
    if system == "macos":
        return "brew install " + " ".join(names)
    return " && ".join("winget install --exact --id " + name for name in names)


def install_missing(console: Console, groups: Sequence[str]) -> None:
    """Bring what is missing, if that is agreed; what cannot be brought is told, and does not stop anything."""
    tables = read(LIST.read_text(encoding="utf-8"))
    system = system_name(sys.platform, shutil.which("dpkg-query") is not None and shutil.which("apt-get") is not None)
    if system == "other":
        _tell_others(console, tables)
        return
    reasons = wanted(tables, system, groups)
    absent = missing(list(reasons), system, tables)
    if not absent:
        return
    _tell(console, absent, reasons)
    prefix = _right_to_install(console, system)
    if prefix is None:
        console.say("Not installed now. This line brings them:\n\n    {}\n".format(pasteable(system, absent)))
        return
    try:
        _install(console, system, prefix=prefix, absent=absent)
    except Failed as failure:
        console.fail(failure)
        console.say("Going on without them. This line brings them later:\n\n    {}\n".format(pasteable(system, absent)))


def _is_there(hint: str) -> bool:
    """A path (with a backslash, as on Windows) or a program on the PATH."""
    return Path(os.path.expandvars(hint)).exists() if "\\" in hint else shutil.which(hint) is not None


def _tell(console: Console, absent: Sequence[str], reasons: Mapping[str, str]) -> None:
    console.say(
        "Vesper needs {} from the system:".format("1 package" if len(absent) == 1 else str(len(absent)) + " packages")
    )
    for name in absent:
        console.say("  {:28} {}".format(name, reasons[name]))


def _tell_others(console: Console, tables: Table) -> None:
    """On a Linux without apt-get only what a start really lacks is told, by programs and libraries that can be seen."""
    if shutil.which("espeak-ng") is None:
        reasons = sorted(set(tables.get("debian.run", {}).values()))
        console.say(
            "On this system Vesper cannot install packages. It needs, under whatever name: " + "; ".join(reasons) + "."
        )


def _right_to_install(console: Console, system: str) -> Optional[List[str]]:
    """What to put before the command ([] or sudo), or None where it may or can not be run."""
    if system != "debian":
        return [] if _may(console) and shutil.which("brew" if system == "macos" else "winget") else None
    if os.geteuid() == 0:
        return [] if _may(console) else None
    if shutil.which("sudo") is None:
        return None
    if console.asks_nothing and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n"]
    return ["sudo"] if console.is_terminal and _may(console) else None


def _may(console: Console) -> bool:
    return console.asks_nothing or console.agrees("Install them now?")


def _install(console: Console, system: str, *, prefix: Sequence[str], absent: Sequence[str]) -> None:
    command = [*prefix, *install_command(system, absent)]
    if system == "debian":
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        console.step("Looking up system packages", [*prefix, "apt-get", "update", "-qq"], env=quiet)
        console.step("Installing system packages", command, env=quiet)
    elif system == "macos":
        console.step("Installing system packages", command)
    else:
        for name in absent:
            console.step("Installing " + name, [*command, name])
