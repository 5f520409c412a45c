"""`vesper settings list|get|set`: every setting of the window."""

from __future__ import annotations

import json
from typing import Any

import click

from vesper.cli.main import Context
from vesper.cli.output import emit, note, say, table
from vesper.cli.serving import served


@click.group()
def settings() -> None:
    """Show and change settings."""


@settings.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def list_settings(context: Context, as_json: bool) -> None:
    """Show every setting with its value."""
    infos, _ = served(context.paths, "settings")
    if as_json:
        emit({info["name"]: info["value"] for info in infos})
    else:
        say(table([(info["name"], _shown(info["value"]), info["title"]) for info in infos]))


@settings.command("get")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def get_setting(context: Context, name: str, as_json: bool) -> None:
    """Show one setting."""
    value, _ = served(context.paths, "get_setting", name=name)
    if as_json:
        emit({name: value})
    else:
        say(_shown(value))


@settings.command("set")
@click.argument("name")
@click.argument("value")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def set_setting(context: Context, name: str, value: str, as_json: bool) -> None:
    """Change one setting. Lists as JSON, for instance '["okay nabu", "alexa"]'."""
    result, is_running = served(context.paths, "set_setting", name=name, value=value)
    if as_json:
        emit({name: result["value"]})
    else:
        say(f"{name} = {_shown(result['value'])}")
    if is_running and result["applies"] == "restart":
        note("This works with the next start of Vesper.")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
