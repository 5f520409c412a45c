"""Renews the lock: `python3 installer/lock.py` after a dependency changed or once in a while; then commit the files.

Three hashed files, universal over Python 3.11 to 3.13, Linux, macOS and Windows: what builds, what runs, what tests
besides. Afterwards every supported system is resolved once more from wheels alone, so that a missing wheel shows here
and not on a user's machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, Sequence, Tuple

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from installer.console import Console, Failed  # noqa: E402
from installer.environment import LOCKS, ROOT, SOURCE_ONLY, UV_PIN, ensure_uv  # noqa: E402

BUILD = ("hatchling>=1.27", "editables>=0.5", "setuptools>=80")
SYSTEMS: Tuple[Tuple[str, Tuple[str, ...]], ...] = (
    ("x86_64-manylinux_2_35", ("3.11", "3.12", "3.13")),
    ("aarch64-manylinux_2_39", ("3.11", "3.13")),  # 3.12 has no pocketsphinx wheel there
    ("aarch64-apple-darwin", ("3.11", "3.12", "3.13")),
    ("x86_64-apple-darwin", ("3.11", "3.12", "3.13")),
    ("x86_64-pc-windows-msvc", ("3.11", "3.12", "3.13")),
)
_COMPILE = ("--universal", "--generate-hashes", "--python-version", "3.11", "--no-annotate", "--no-header", "--quiet")


def renew(uv: str) -> None:
    """Resolve everything together, so that the three files agree, and write each its share."""
    project = str(ROOT / "pyproject.toml")
    everything = blocks(_compile(uv, [project, "--group", "test", "-"], "\n".join(BUILD)))
    build = blocks(_compile(uv, ["-"], "\n".join(BUILD)))
    run = blocks(_compile(uv, [project]))
    for level, names in (
        ("build", build),
        ("run", run.keys() - build.keys()),
        ("test", everything.keys() - run.keys() - build.keys()),
    ):
        LOCKS[level].write_text("".join(everything[name] for name in sorted(names)), encoding="utf-8")


def check(uv: str, console: Console) -> None:
    """Resolve the lock for every supported system from wheels alone. Raises Failed."""
    wheels = ["--require-hashes", "--only-binary", ":all:"]
    wheels += [word for name in SOURCE_ONLY for word in ("--no-binary", name)]
    files = [word for lock in LOCKS.values() for word in ("-r", str(lock))]
    with tempfile.TemporaryDirectory() as nowhere:
        for system, versions in SYSTEMS:
            for version in versions:
                target = ["--python-platform", system, "--python-version", version, "--target", nowhere]
                console.step(
                    "{} with Python {}".format(system, version),
                    [uv, "pip", "install", "--dry-run", *wheels, *target, *files],
                    env={"MACOSX_DEPLOYMENT_TARGET": "15.0"},
                )


def _compile(uv: str, words: Sequence[str], given: str = "") -> str:
    command = [uv, "pip", "compile", *_COMPILE, *words]
    done = subprocess.run(command, input=given, text=True, cwd=str(ROOT), stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Failed("The lock could not be renewed.", "The lines above say which requirements disagree.")
    return done.stdout


def blocks(lock: str) -> Dict[str, str]:
    """Name -> its lines: one or more versions for different systems, each with its hashes."""
    blocks: Dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        if not line.startswith(" "):
            name = line.split("==")[0]
        blocks[name] = blocks.get(name, "") + line
    return blocks


def main() -> int:
    """Renew and check; returns the exit code."""
    console = Console(assume_yes=True)
    try:
        uv = ensure_uv(console)
        renew(uv)
        check(uv, console)
    except Failed as failure:
        console.fail(failure)
        return failure.exit_code
    console.say("Renewed: {}. {} pins uv itself.".format(", ".join(lock.name for lock in LOCKS.values()), UV_PIN.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
