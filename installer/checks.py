"""The steps of `test`, fast ones first, each summed up in one line with its seconds."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import List, NamedTuple, Tuple

from installer.console import Console
from installer.environment import ROOT, program

_LIMIT_S = 25 * 60
_LONG_LIMIT_S = 8 * 60 * 60


class Step(NamedTuple):
    """One check: its title, the program of `.venv` and its words."""

    title: str
    command: Tuple[str, ...]


def steps(is_long: bool, root: Path = ROOT) -> List[Step]:
    """All checks in order. A folder of tests that does not exist yet has no step."""
    found = [
        Step("format", ("ruff", "format", "--check")),
        Step("lint", ("ruff", "check")),
        Step("layers", ("lint-imports",)),
        Step("types", ("basedpyright",)),
    ]
    for title, folders, words in (
        ("unit", ("unit", "property", "structure", "contract"), ("-n", "2")),
        ("desktop", ("desktop",), ()),
        ("end to end", ("end_to_end",), ()),
        ("crash", ("crash",), ()),
    ):
        there = tuple("tests/" + folder for folder in folders if any((root / "tests" / folder).rglob("test_*.py")))
        if there:
            found.append(Step(title, ("pytest", "-q", *words, *(("--long",) if is_long else ()), *there)))
    return found


def run_all(console: Console, is_long: bool) -> int:
    """Run every check, also after one failed; returns 1 if one did."""
    results = [(step.title, *_run(console, step, is_long)) for step in steps(is_long)]
    console.say("")
    for title, is_ok, seconds in results:
        console.say("{} {:12} {:6.1f} s".format("✓" if is_ok else "✗", title, seconds))
    failed = [title for title, is_ok, _ in results if not is_ok]
    console.say("All passed." if not failed else "Failed: {}.".format(", ".join(failed)))
    return 1 if failed else 0


def _run(console: Console, step: Step, is_long: bool) -> Tuple[bool, float]:
    console.say("── " + step.title)
    start = time.monotonic()
    command = [str(program(step.command[0])), *step.command[1:]]
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="", NO_COLOR=os.environ.get("NO_COLOR", "1"))
    try:
        code = subprocess.call(
            command, cwd=str(ROOT), env=env, stdin=subprocess.DEVNULL, timeout=_LONG_LIMIT_S if is_long else _LIMIT_S
        )
    except subprocess.TimeoutExpired:
        console.say("It took too long and was ended.")
        code = 1
    except OSError as error:
        console.say("{} could not be started: {}.".format(command[0], error.strerror))
        code = 1
    return code == 0, time.monotonic() - start
