"""Starting Vesper, hidden, when the user logs in: the port `LoginStart` on three systems.

Linux: an entry in the autostart folder (freedesktop Autostart specification), macOS: a LaunchAgent, Windows:
the Run key of the user. What is written is made by pure functions; another program's "Hidden=true" is honoured.
"""

from __future__ import annotations

import os
import plistlib
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from vesper.base.errors import StorageFailed
from vesper.ports.system import LoginStart

APP_ID = "vesper"
AGENT_ID = "local.vesper.assistant"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


def start_command() -> tuple[str, ...]:
    """This very Vesper, hidden."""
    return (sys.executable, "-m", "vesper", "run", "--hidden")


def desktop_entry(command: Sequence[str]) -> str:
    """The autostart entry. Values in Exec are quoted as the Desktop Entry specification asks."""
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Vesper",
            "Comment=A private voice assistant",
            f"Exec={' '.join(_exec_quoted(part) for part in command)}",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        )
    )


def launch_agent(command: Sequence[str]) -> bytes:
    """The LaunchAgent's property list."""
    return plistlib.dumps({"Label": AGENT_ID, "ProgramArguments": list(command), "RunAtLoad": True})


def is_entry_on(entry: str) -> bool:
    """Whether an autostart entry is in force: other programs switch one off by Hidden=true."""
    lines = {line.strip().replace(" ", "").lower() for line in entry.splitlines()}
    return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}


class FileLoginStart:
    """A file that is there or not: Linux and macOS."""

    def __init__(self, file: Path, content: bytes) -> None:
        self._file = file
        self._content = content

    def is_on(self) -> bool:
        """Whether the file is there and in force."""
        try:
            return is_entry_on(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False

    def switch(self, on: bool) -> None:
        """Write or remove the file. Raises StorageFailed when the system refuses."""
        try:
            if on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.write_bytes(self._content)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(error, self._file.parent) from error


class RegistryLoginStart:
    """A value in the user's Run key: Windows."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = " ".join(f'"{part}"' for part in command)

    def is_on(self) -> bool:
        """Whether the value is there."""
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                winreg.QueryValueEx(key, APP_ID)
        except OSError:
            return False
        return True

    def switch(self, on: bool) -> None:
        """Set or delete the value. Raises StorageFailed when the system refuses."""
        import winreg

        try:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                if on:
                    winreg.SetValueEx(key, APP_ID, 0, winreg.REG_SZ, self._command)
                elif self.is_on():
                    winreg.DeleteValue(key, APP_ID)
        except OSError as error:
            raise _refused(error, RUN_KEY) from error


def login_start() -> LoginStart:
    """The way of this system."""
    command = start_command()
    if sys.platform == "win32":
        return RegistryLoginStart(command)
    if sys.platform == "darwin":
        file = Path.home() / "Library" / "LaunchAgents" / f"{AGENT_ID}.plist"
        return FileLoginStart(file, launch_agent(command))
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return FileLoginStart(config / "autostart" / f"{APP_ID}.desktop", desktop_entry(command).encode())


def _exec_quoted(part: str) -> str:
    if part == shlex.quote(part):
        return part.replace("%", "%%")
    escaped = "".join("\\" + sign if sign in '"`$\\' else sign for sign in part)
    # A string value of the file is unescaped once before Exec's own quoting is read.
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


def _refused(error: OSError, place: object) -> StorageFailed:
    return StorageFailed(
        "login.refused",
        f"Starting at login could not be changed: {error.strerror or error}.",
        f"Check that {place} can be written to.",
    )
