#!/usr/bin/env python3
"""The two commands: `python3 installer/bootstrap.py run` and `… test`; `… setup` prepares both and starts nothing.

Standard library only, and any Python from 3.9 on may run it: it finds (or fetches) an interpreter that Vesper
runs on. What is missing is brought in this order: system packages, uv, `.venv`, the hashed lock, Vesper itself,
the word graph of the recogniser. What did not change is skipped, so a second start costs a fraction of a second.
Exit codes: 0 done, 1 a step or test failed, 2 wrong usage, 3 something needed is missing, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Mapping, Optional, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # so that `installer` is the package it is in the tests, too

from installer import checks, environment, system_packages  # noqa: E402
from installer.console import Console, Failed  # noqa: E402

NO_DISPLAY = "There is no display here, so Vesper's window cannot open."


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The command line: `word`, `yes`, `long`, and `rest`, which is handed on to `vesper run`."""
    words_of_run = "Words after `run` that are not of this program are handed on to `vesper run`."
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description="Installs, starts and tests Vesper.", epilog=words_of_run, add_help=False
    )
    choices = ("run", "test", "setup")
    parser.add_argument("word", choices=choices, nargs="?", help="start Vesper, run its tests, or only prepare")
    parser.add_argument("--yes", action="store_true", help="ask nothing, install what is missing")
    parser.add_argument("--long", action="store_true", help="test: the full counts")
    parser.add_argument("-h", "--help", action="store_true", help="this; with `run`, the help of `vesper run`")
    known, rest = parser.parse_known_args(list(words))
    if known.help and known.word != "run":
        parser.print_help()
        parser.exit()
    _refuse_nonsense(parser, known, rest)
    known.rest = rest + (["--help"] if known.help else [])
    return known


def _refuse_nonsense(parser: argparse.ArgumentParser, known: argparse.Namespace, rest: Sequence[str]) -> None:
    if known.word is None:
        parser.error("say what to do: run, test or setup.")
    if rest and known.word != "run":
        parser.error("what does {} mean? Only `run` hands words on.".format(" ".join(rest)))
    if known.long and known.word != "test":
        parser.error("--long belongs to `test`.")


def wants_window(rest: Sequence[str]) -> bool:
    """Whether `vesper run` with these words opens a window."""
    return not {"--headless", "--help"} & set(rest)


def has_display(platform: str, env: Mapping[str, str]) -> bool:
    """Whether a window can open; only Linux can be without a display."""
    return not platform.startswith("linux") or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def run(console: Console, rest: Sequence[str]) -> int:
    """Prepare, then become `vesper run`."""
    words = list(rest)
    if wants_window(words) and not has_display(sys.platform, os.environ):
        if not console.agrees(NO_DISPLAY + " Start it here in the terminal instead?"):
            raise Failed(
                NO_DISPLAY, "python3 installer/bootstrap.py run --headless is the same Vesper in the terminal.", 3
            )
        words.append("--headless")
    prepare(console, with_tests=False)
    try:
        environment.build_graph(console)
    except Failed as failure:  # Vesper builds it itself, in the background; only the first answers come later
        console.fail(failure)
    return environment.become([str(environment.program("vesper")), "run", *words])


def prepare(console: Console, with_tests: bool) -> None:
    """Bring everything that is missing, in order."""
    system_packages.install_missing(console, ("run", "test") if with_tests else ("run",))
    environment.prepare(console, with_tests)


def main(words: Optional[Sequence[str]] = None) -> int:
    """Do what the command line says; returns the exit code."""
    known = parse(sys.argv[1:] if words is None else words)
    console = Console(assume_yes=known.yes)
    try:
        if known.word == "run":
            return run(console, known.rest)
        prepare(console, with_tests=True)
        environment.build_graph(console)
        if known.word == "test":
            return checks.run_all(console, known.long)
        console.say("Vesper is ready: python3 installer/bootstrap.py run")
        return 0
    except Failed as failure:
        console.fail(failure)
        return failure.exit_code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
