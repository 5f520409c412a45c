"""The `vesper` command: its words, its common options, and how every failure leaves it.

A word's code is imported when the word is used, so that `vesper --talk` from a key binding is quick. The window adds
its own words through the entry-point group `vesper.commands`; the core does not know it.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

import click

import vesper
from vesper.base.errors import Missing, WrongUsage, unexpected
from vesper.base.logs import start_log
from vesper.base.paths import UserPaths, user_paths
from vesper.cli.output import emit_error
from vesper.control import connect

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
@click.version_option(vesper.__version__, prog_name="vesper", message="%(prog)s %(version)s")
@click.pass_context
def words(ctx: click.Context, home: str | None, debug: bool, **controls: bool) -> None:
    """Vesper, a private voice assistant. The options without a word are sent to the running Vesper."""
    paths = user_paths(home)
    ctx.obj = Context(paths, debug)
    start_log(None, debug=debug)
    wanted = [name for name, is_given in controls.items() if is_given]
    if wanted:
        _send(paths, wanted)
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
    as_json, debug = "--json" in sys.argv, "--debug" in sys.argv
    try:
        code = words.main(prog_name="vesper", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except click.ClickException as error:
        emit_error(WrongUsage("usage", error.format_message(), "See `vesper --help`."), as_json=as_json)
        sys.exit(2)
    except Exception as error:
        if debug:
            raise
        expected = unexpected(error)
        emit_error(expected, as_json=as_json)
        sys.exit(expected.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
