"""What the commands say and ask: one line a step with its seconds, one sentence and what to do for a failure."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import IO, Mapping, Optional, Sequence

_TAIL_LINES = 12


class Failed(Exception):
    """A step that could not be done: what went wrong, and what to do about it."""

    def __init__(self, sentence: str, hint: str = "", exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.sentence, self.hint, self.exit_code = sentence, hint, exit_code


class Console:
    """Talks to whoever started the command. Everything goes to stderr: stdout belongs to Vesper."""

    def __init__(self, assume_yes: bool = False) -> None:
        if hasattr(sys.stderr, "reconfigure"):
            sys.stderr.reconfigure(errors="replace")  # a console without "✓" shall not end the installation
        self.is_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
        self.asks_nothing = assume_yes or os.environ.get("CI", "").lower() in ("true", "1")

    def say(self, line: str) -> None:
        """One line, at once."""
        print(line, file=sys.stderr, flush=True)

    def agrees(self, question: str) -> bool:
        """Whether the answer is yes: asked at a terminal, taken for granted with --yes at one, else no."""
        if not self.is_terminal:
            return False
        if self.asks_nothing:
            self.say(question + " Yes (--yes).")
            return True
        print(question + " [Y/n] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("", "y", "yes")

    def fail(self, failure: Failed) -> None:
        """Say what went wrong and what to do."""
        self.say("✗ " + failure.sentence)
        if failure.hint:
            self.say("  " + failure.hint)

    def step(
        self, title: str, command: Sequence[str], *, hint: str = "", env: Optional[Mapping[str, str]] = None
    ) -> None:
        """Run a command as one step: at a terminal its own progress is seen, else only its last lines if it failed.

        Raises Failed with the step's name and the hint.
        """
        self.say("· " + title + " …")
        start = time.monotonic()
        with tempfile.TemporaryFile() as log:
            code = self._call(command, None if self.is_terminal else log, dict(os.environ, **(env or {})))
            if code:
                log.seek(0)
                for line in log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]:
                    self.say("    " + line)
                raise Failed("{} failed.".format(title), hint)
        self.say("✓ {} ({:.0f} s)".format(title, time.monotonic() - start))

    @staticmethod
    def _call(command: Sequence[str], log: Optional[IO[bytes]], env: Mapping[str, str]) -> int:
        """Run it, into the log or (None) in the open; a program that is not there counts as failed."""
        try:
            return subprocess.call(
                list(command),
                stdin=subprocess.DEVNULL if log else None,
                stdout=log,
                stderr=subprocess.STDOUT if log else None,
                env=dict(env),
            )
        except OSError as error:
            raise Failed("{} could not be started ({}).".format(command[0], error.strerror)) from None
