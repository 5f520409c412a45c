"""The words that the window adds to `vesper`: `run` and `screenshots` (entry point `vesper.commands`).

Qt is imported when a word is used, never for `vesper --help` or `vesper ask`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import click

from vesper.base.errors import Missing
from vesper.base.paths import UserPaths

LONGEST_WAIT_S = 20.0
BETWEEN_TRIES_S = 0.1


class CommandContext(Protocol):
    """What the command line hands to every word."""

    @property
    def paths(self) -> UserPaths:
        """The user's folders."""
        ...


def register(group: click.Group) -> None:
    """Add the window's words to the group."""
    group.add_command(run)
    group.add_command(screenshots)


@click.command()
@click.option("--headless", is_flag=True, help="The same assistant in the terminal.")
@click.option("--hidden", is_flag=True, help="Start in the tray, without a window.")
@click.pass_obj
def run(context: CommandContext, headless: bool, hidden: bool) -> int:
    """Open Vesper. Where it runs already, its window comes to the front."""
    from vesper.control import InstanceLock

    if headless:
        from vesper.cli.headless import run_headless

        return run_headless(context.paths)
    lock = InstanceLock(context.paths)
    if not lock.take():
        return _hand_over(context.paths, hidden=hidden)
    try:
        return _open(context.paths, hidden=hidden)
    finally:
        lock.release()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--scale", type=click.FloatRange(0.5, 4.0), default=1.0, help="Pixels for a point, as on dense screens.")
@click.option("--mirrored", is_flag=True, help="Laid out right to left.")
def screenshots(folder: Path, scale: float, mirrored: bool) -> int:
    """Draw every window in both themes. Into FOLDER, with scripted events and without a display."""
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from vesper_desktop.screenshots import draw_all

    for picture in draw_all(folder, scale=scale, is_mirrored=mirrored):
        click.echo(str(picture))
    return 0


def _hand_over(paths: UserPaths, *, hidden: bool) -> int:
    """Ask the running Vesper for its window; one that is just starting is waited for."""
    import threading

    from vesper.control import connect

    pause = threading.Event()
    for _ in range(round(LONGEST_WAIT_S / BETWEEN_TRIES_S)):
        client = connect(paths)
        if client is not None:
            break
        pause.wait(BETWEEN_TRIES_S)
    else:
        raise Missing("vesper.unreachable", "Vesper is running but does not answer.", "End it and start it again.")
    try:
        if not hidden:
            client.call("show")
    finally:
        client.close()
    return 0


def _open(paths: UserPaths, *, hidden: bool) -> int:
    from vesper.base.logs import start_log
    from vesper_desktop.run import has_display, run_desktop

    if not has_display():
        raise Missing(
            "display.missing",
            "There is no display to open a window on.",
            "Use `vesper run --headless`: the same assistant in the terminal.",
        )
    start_log(paths.logs)

    def make() -> Any:
        """In the core's thread: the heavy imports happen while the window already stands."""
        from vesper.assembly import assemble
        from vesper.base.clock import SystemClock

        return assemble(paths, SystemClock())

    def serve(assistant: Any) -> Any:
        from vesper.control import ControlServer, control_address

        return ControlServer(control_address(paths), assistant.calls)

    return run_desktop(make, serve, paths, hidden=hidden)
