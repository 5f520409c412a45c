"""The settings page as values: from each setting's JSON schema comes the kind of control that fits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from vesper.base.settings_file import SettingInfo

FieldKind = Literal[
    "switch",
    "choice",
    "whole",
    "decimal",
    "text",
    "words",
    "input_device",
    "output_device",
    "voice",
    "phrases",
    "language",
]

# Vesper's own memory of what it has shown: no decision of the user, so no row.
REMEMBERED = frozenset({"general.first_run_done", "general.login_start_offered", "window.tray_notice_shown"})
OFFERED_BY_THE_MACHINE: dict[str, FieldKind] = {
    "audio.input_device": "input_device",
    "audio.output_device": "output_device",
    "voice.voice": "voice",
    "wake.phrases": "phrases",
    "general.language": "language",
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One row: `choices` for a choice, `lowest` and `highest` for a number."""

    name: str
    title: str
    help: str
    kind: FieldKind
    value: Any
    choices: tuple[str, ...] = ()
    lowest: float = 0.0
    highest: float = 0.0
    needs_restart: bool = False


@dataclass(frozen=True, slots=True)
class FormSection:
    """The rows of one section; `name` as in the setting's name ("voice")."""

    name: str
    fields: tuple[FormField, ...]


def form(infos: Iterable[SettingInfo]) -> tuple[FormSection, ...]:
    """The page, sections and rows in the order the settings are declared."""
    sections: dict[str, list[FormField]] = {}
    for info in infos:
        if info.name not in REMEMBERED:
            sections.setdefault(info.name.partition(".")[0], []).append(_field(info))
    return tuple(FormSection(name, tuple(fields)) for name, fields in sections.items())


def ranked_anew(ranked: tuple[str, ...], name: str) -> tuple[str, ...]:
    """A list of devices after the user has chosen one: it is the best now; "" forgets them all."""
    return (name, *(other for other in ranked if other != name)) if name else ()


def _field(info: SettingInfo) -> FormField:
    schema = info.schema
    return FormField(
        name=info.name,
        title=info.title,
        help=info.help,
        kind=_kind(info.name, schema),
        value=info.value,
        choices=tuple(str(choice) for choice in schema.get("enum", ())),
        lowest=float(schema.get("minimum", 0)),
        highest=float(schema.get("maximum", 0)),
        needs_restart=info.applies == "restart",
    )


def _kind(name: str, schema: dict[str, Any]) -> FieldKind:
    if name in OFFERED_BY_THE_MACHINE:
        return OFFERED_BY_THE_MACHINE[name]
    if "enum" in schema:
        return "choice"
    kinds: dict[str, FieldKind] = {"boolean": "switch", "integer": "whole", "number": "decimal", "array": "words"}
    return kinds.get(str(schema.get("type")), "text")
