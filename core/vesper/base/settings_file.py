"""The settings file: read with care, written as a whole, told to whoever follows a setting.

A file that cannot be read never stops Vesper: the bad part falls back to its default, the reason is kept in
`problems`, and the file itself is left as it is until the user changes a setting.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tomlkit
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from vesper.base.errors import StorageFailed, VesperError, WrongUsage
from vesper.base.settings import Settings

Listener = Callable[[str, Any], None]
Check = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One setting as the window and `vesper settings list` show it."""

    name: str
    value: Any
    default: Any
    title: str
    help: str
    applies: str
    schema: dict[str, Any]


class SettingsFile:
    """The user's settings: `current` is the whole, `set` changes one and writes the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: list[Listener] = []
        self._checks: dict[str, Check] = {}
        self.problems: list[VesperError] = []
        self.current = self._read()

    def get(self, name: str) -> Any:
        """The value of "section.field". Raises WrongUsage for an unknown name."""
        section, field = self._find(name)
        return getattr(getattr(self.current, section), field)

    def set(self, name: str, value: Any) -> Any:
        """Check, apply and save one setting; returns the value as it was understood.

        Writes a file, so in the loop it is called in a thread. Raises WrongUsage for a bad name or value,
        StorageFailed when the file cannot be written.
        """
        before = self.get(name)
        understood = self.apply(name, value)
        if understood != before:
            self.save()
        return understood

    def apply(self, name: str, value: Any) -> Any:
        """Check and apply one setting without saving it: `save` must follow. Raises WrongUsage.

        A string is taken as JSON where the setting is no string ("170", "true", '["alexa"]').
        """
        section, field = self._find(name)
        part = self._section(section)
        changed_part = self._checked(part, name, value)
        understood = getattr(changed_part, field)
        if understood != getattr(part, field):
            if (check := self._checks.get(name)) is not None:
                check(understood)
            self.current = self.current.model_copy(update={section: changed_part})
            for listener in tuple(self._listeners):
                listener(name, understood)
        return understood

    def infos(self) -> Iterator[SettingInfo]:
        """Every setting with its value, title, help and JSON schema, in the order they are declared."""
        for section_name in Settings.model_fields:
            section = self._section(section_name)
            properties = type(section).model_json_schema()["properties"]
            for field_name, field in type(section).model_fields.items():
                yield self._info(f"{section_name}.{field_name}", section, field, schema=properties[field_name])

    def info(self, name: str) -> SettingInfo:
        """One setting. Raises WrongUsage for an unknown name."""
        self._find(name)
        return next(info for info in self.infos() if info.name == name)

    def follow(self, listener: Listener) -> None:
        """Call `listener(name, value)` after every change."""
        self._listeners.append(listener)

    def require(self, name: str, check: Check) -> None:
        """Let `check(value)` refuse a new value by raising WrongUsage: what only an engine knows to be impossible."""
        self._checks[name] = check

    @staticmethod
    def _info(name: str, section: BaseModel, field: FieldInfo, *, schema: dict[str, Any]) -> SettingInfo:
        return SettingInfo(
            name=name,
            value=getattr(section, name.partition(".")[2]),
            default=field.default,
            title=field.title or "",
            help=field.description or "",
            applies=str(schema.get("applies", "now")),
            schema=schema,
        )

    def _section(self, name: str) -> BaseModel:
        section = getattr(self.current, name)
        assert isinstance(section, BaseModel)
        return section

    def _find(self, name: str) -> tuple[str, str]:
        section, _, field = name.partition(".")
        if section in Settings.model_fields and field in type(self._section(section)).model_fields:
            return section, field
        raise WrongUsage(
            "settings.unknown", f'There is no setting "{name}".', "`vesper settings list` shows all of them."
        )

    @staticmethod
    def _checked(part: BaseModel, name: str, value: Any) -> BaseModel:
        field = name.partition(".")[2]
        if isinstance(value, str) and type(part).model_fields[field].annotation is not str:
            with contextlib.suppress(ValueError):  # a word such as "strict" is its own value
                value = json.loads(value)
            if isinstance(value, str) and _schema(part, field).get("type") == "array":
                value = [value]
        try:
            return type(part).model_validate({**part.model_dump(), field: value})
        except ValidationError as error:
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            hint = _expected(error, _schema(part, field))
            raise WrongUsage("settings.value", f'"{shown}" is no value for {name}.', hint) from None

    def _read(self) -> Settings:
        try:
            found: dict[str, Any] = tomlkit.parse(self._path.read_text(encoding="utf-8")).unwrap()
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError) as error:
            self._complain(f"it could not be read ({error})")
            return Settings()
        return Settings().model_copy(update=dict(self._sections(found)))

    def _sections(self, found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, values in found.items():
            if name not in Settings.model_fields or not isinstance(values, dict):
                self._complain(f'"{name}" is not known')
                continue
            section: BaseModel = getattr(Settings(), name)
            for field, value in cast(dict[str, Any], values).items():
                schema = _schema(section, field)
                try:
                    section = type(section).model_validate({**section.model_dump(), field: value})
                except ValidationError as error:
                    self._complain(f'"{name}.{field}" has a value that does not fit. {_expected(error, schema)}')
            yield name, section

    def _complain(self, why: str) -> None:
        self.problems.append(
            StorageFailed(
                "settings.unreadable",
                f"A part of the settings file was left out: {why}.",
                f"Correct or delete {self._path}.",
            )
        )

    def save(self) -> None:
        """Write the file as a whole. Raises StorageFailed."""
        document = tomlkit.document()
        for name in Settings.model_fields:
            section = self._section(name)
            changed = {k: v for k, v in section.model_dump(mode="json").items() if v != _default(section, k)}
            if changed:
                document[name] = changed
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._path.parent, prefix=".settings", encoding="utf-8", delete=False
            ) as file:
                file.write(tomlkit.dumps(document))
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._path)
        except OSError as error:
            raise StorageFailed(
                "settings.unwritable",
                f"The setting works now but could not be saved: {error.strerror}.",
                f"Check that {self._path.parent} can be written to.",
            ) from error


def _schema(section: BaseModel, field: str) -> dict[str, Any]:
    """The JSON schema of a field; empty for one that is not there."""
    return type(section).model_json_schema()["properties"].get(field, {})


def _expected(error: ValidationError, schema: Mapping[str, Any]) -> str:
    """What would be a value, as a sentence: what the setting itself says, else what its schema allows."""
    first = error.errors()[0]
    if first["type"] == "value_error":
        return f"{first.get('ctx', {}).get('error', '')}."
    if first["type"] == "extra_forbidden":
        return "There is no such setting."
    if "enum" in schema:
        return f"It is one of {', '.join(schema['enum'])}."
    if "minimum" in schema:
        kind = "a whole number" if schema["type"] == "integer" else "a number"
        return f"It is {kind} from {schema['minimum']:g} to {schema['maximum']:g}."
    kinds = {"boolean": "true or false", "array": 'a list such as ["one", "two"]'}
    return f"It is {kinds.get(schema.get('type', ''), 'text')}."


def _default(section: BaseModel, field: str) -> Any:
    return type(section)().model_dump(mode="json")[field]
