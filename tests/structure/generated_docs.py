"""The pages that are made from the code: settings, events, intents, commands.

`.venv/bin/python -m tests.structure.generated_docs` writes them; a test keeps them in step.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from tests.structure.source import ROOT

DOCS = ROOT / "docs"
_MADE = "\n<!-- Made by `.venv/bin/python -m tests.structure.generated_docs`; change the code, not this page. -->\n"


def settings_page() -> str:
    """Every setting with its title, help, values, default and when a change works."""
    from vesper.base.settings_file import SettingsFile

    lines = [
        "# Settings",
        _MADE,
        "Change them in the window, with `vesper settings set NAME VALUE`, or in settings.toml.",
    ]
    section = ""
    for info in SettingsFile(Path("/nowhere/settings.toml")).infos():
        if info.name.split(".")[0] != section:
            section = info.name.split(".")[0]
            lines += ["", f"## {section}", "", "| name | what it does | values | default |", "|---|---|---|---|"]
        later = "" if info.applies == "now" else " Works from the next start."
        told = f"**{info.title}.** {info.help}{later}"
        lines.append(f"| `{info.name}` | {told} | {_values(info.schema)} | `{_shown(info.default)}` |")
    return "\n".join(lines) + "\n"


def events_page() -> str:
    """Every event with its fields, in the order of a turn."""
    from vesper.base import events

    lines = [
        "# Events",
        _MADE,
        "`vesper listen --json` prints one object a line: `event`, `at` (seconds since the start),",
    ]
    lines += ["`turn` (id or null), and the fields below.", "", "| event | fields | meaning |", "|---|---|---|"]
    for kind in _classes(events, events.Event):
        fields = [f.name for f in dataclasses.fields(kind) if f.name not in {"at", "turn"}]
        meaning = " ".join((inspect.getdoc(kind) or "").split()).replace("|", "\\|")
        lines.append(f"| `{kind.name}` | {', '.join(f'`{name}`' for name in fields)} | {meaning} |")
    return "\n".join(lines) + "\n"


def intents_page() -> str:
    """Every intent with its skill, slots, what it may change, and sentences a person may say."""
    from vesper.skills.registry import BUILTIN

    lines = ["# What Vesper understands", _MADE]
    for skill in BUILTIN:
        language = ROOT / "resources" / "languages" / "en" / f"{skill.name}.yaml"
        examples: dict[str, list[str]] = yaml.safe_load(language.read_text(encoding="utf-8"))["examples"]
        lines += [f"## {skill.name}", "", " ".join((inspect.getdoc(skill) or "").split()), ""]
        lines += ["| intent | slots | may change | for example |", "|---|---|---|---|"]
        for spec in skill.intents:
            slots = ", ".join(f"`{slot}`" for slot in spec.slots)
            said = "; ".join(f"“{sentence}”" for sentence in examples.get(spec.name, []))
            lines.append(f"| `{spec.name}` | {slots} | {spec.risk.value} | {said} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def commands_page() -> str:
    """Every word of the `vesper` command with its help."""
    from vesper.cli.main import words

    lines = ["# The `vesper` command", _MADE]
    for path, command in _commands(words, "vesper"):
        context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
        lines += [f"## `{path}`", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "events.md": events_page,
    "intents.md": intents_page,
    "commands.md": commands_page,
}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, f"`{path} {name}` is listed but is not there"
            yield from _commands(inner, f"{path} {name}")


def _classes(module: Any, base: type) -> list[Any]:
    found = [c for c in vars(module).values() if inspect.isclass(c) and issubclass(c, base) and c is not base]
    return sorted(found, key=lambda c: inspect.getsourcelines(c)[1])


def _values(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "minimum" in schema:
        return f"{_shown(schema['minimum'])} to {_shown(schema['maximum'])}"
    return {"boolean": "`true`, `false`", "array": "a list", "string": "text"}.get(schema.get("type", ""), "")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value) or '""'


if __name__ == "__main__":
    main()
