"""The `vesper` command: its words, its common options, and how every failure leaves it.

A word's code is imported when the word is used, so that `vesper --talk` from a key binding is quick. The window adds
its own words through the entry-point group `vesper.commands`; the core does not know it.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import vesper
from vesper.base.errors import Missing, VesperError, WrongUsage, unexpected
from vesper.base.logs import start_log
from vesper.base.paths import UserPaths, user_paths
from vesper.cli.common_options import home_in, in_order
from vesper.cli.output import emit, emit_error, note
from vesper.control import connect

_log = logging.getLogger(__name__)

WORDS: dict[str, str] = {
    "ask": "vesper.cli.ask:ask",
    "listen": "vesper.cli.listen:listen",
    "say": "vesper.cli.say:say",
    "settings": "vesper.cli.settings:settings",
    "selfcheck": "vesper.cli.checks:selfcheck",
    "turns": "vesper.cli.checks:turns",
    "eval": "vesper.cli.evaluate:evaluate",
    "bench": "vesper.cli.benchmark:bench",
}

CONTROLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "talk": ("talk", {}, "Listen now."),
    "talk_start": ("talk_start", {}, "Listen while a key is held."),
    "talk_stop": ("talk_stop", {}, "The held key was let go."),
    "toggle": ("toggle", {}, "Listen now, or finish what is being heard."),
    "mute": ("mute", {"on": True}, "Close the microphone."),
    "unmute": ("mute", {"on": False}, "Open the microphone again."),
    "stop": ("stop", {}, "Be silent."),
    "quit": ("quit", {}, "End Vesper."),
}


@dataclass(frozen=True, slots=True)
class Context:
    """The common options: whose folders, and whether tracebacks are wanted."""

    paths: UserPaths
    debug: bool


class Words(click.Group):
    """The group of all words: the core's, imported when used, and those that other distributions add."""

    _has_others = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All words: the core's in the order of the table, then added ones."""
        self._add_others()
        return [*WORDS, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of one word."""
        if cmd_name in WORDS:
            module, _, name = WORDS[cmd_name].partition(":")
            return getattr(importlib.import_module(module), name)
        self._add_others()
        return self.commands.get(cmd_name)

    def _add_others(self) -> None:
        """`run` and `screenshots` come from the window, which the core does not know."""
        if not self._has_others:
            from importlib.metadata import entry_points  # most words are the core's: they need not pay for it

            self._has_others = True
            for entry in entry_points(group="vesper.commands"):
                entry.load()(self)


@click.group(
    cls=Words,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a word Vesper opens its window.",
)
@click.option("--home", type=click.Path(file_okay=False), help="Keep everything under this folder.")
@click.option("--debug", is_flag=True, help="Show tracebacks and log to the terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable output on stdout alone.")
@click.version_option(vesper.__version__, prog_name="vesper", message="%(prog)s %(version)s")
@click.pass_context
def words(ctx: click.Context, home: str | None, debug: bool, as_json: bool, **controls: bool) -> None:
    """Vesper, a private voice assistant.

    The options from --talk on are sent to the running Vesper, for instance by a key binding.
    """
    paths = user_paths(home)
    ctx.obj = Context(paths, debug)
    start_log(None, debug=debug)
    wanted = [name for name, is_given in controls.items() if is_given]
    if wanted:
        _send(paths, wanted)
        if as_json:
            emit({"sent": wanted})
    elif ctx.invoked_subcommand is None:
        run = words.get_command(ctx, "run")
        if run is None:
            raise Missing("window.missing", "Vesper's window is not installed.", "Use `vesper listen`.")
        ctx.invoke(run)


for _name, (_, _, _help) in CONTROLS.items():
    words = click.option(f"--{_name.replace('_', '-')}", _name, is_flag=True, help=_help)(words)


def _send(paths: UserPaths, wanted: list[str]) -> None:
    client = connect(paths)
    if client is None:
        raise Missing("vesper.not_running", "Vesper is not running.", "Start it with `vesper`.")
    try:
        for name in wanted:
            call, args, _ = CONTROLS[name]
            client.call(call, **args)
    finally:
        client.close()


def main() -> None:
    """Run the command line; the process ends here with the exit code of interfaces.md section 2."""
    given = in_order(sys.argv[1:])
    try:
        code = words.main(args=given, prog_name="vesper", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # whoever reads has read enough: `vesper settings list | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if "--debug" in given and not isinstance(error, click.ClickException):
            raise
        sys.exit(_told(error, given))
    sys.exit(code if isinstance(code, int) else 0)


def _told(error: Exception, given: Sequence[str]) -> int:
    """Tell a failure as one sentence with a hint, or as JSON; the exit code."""
    as_json = "--json" in given
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
        note(error.ctx.get_help())
        return WrongUsage.exit_code
    expected = _wrong_usage(error) if isinstance(error, click.ClickException) else unexpected(error)
    if expected is not error and not isinstance(error, click.ClickException):
        _log_bug(error, home_in(given))
    emit_error(expected, as_json=as_json)
    return expected.exit_code


def _wrong_usage(error: click.ClickException) -> VesperError:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else "vesper"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return WrongUsage("usage", f"`{command}` needs one more word.", f"See `{command} --help`.")
    return WrongUsage("usage", error.format_message(), f"See `{command} --help`.")


def _log_bug(error: Exception, home: str | None) -> None:
    """The type and the place of a bug; its message could hold what a person typed."""
    start_log(user_paths(home).logs)
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:])
    _log.error("%s at %s", type(error).__name__, " > ".join(places))
