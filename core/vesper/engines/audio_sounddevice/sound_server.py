"""The sound server (PulseAudio, or PipeWire in its place), asked through its own tool `pactl`.

PortAudio reaches the server as one device, "pulse", behind which all microphones hide. The server knows them by name,
knows which are muted and which the user prefers, and on which of them a stream of Vesper really lies. Where there is
no `pactl` or no server, PortAudio's own list is all there is.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from vesper.ports.audio import DeviceInfo

_log = logging.getLogger(__name__)

Kind = Literal["input", "output"]
Ask = Callable[..., str | None]

_ANSWER_TIMEOUT_S = 2.0
_LISTS: dict[Kind, str] = {"input": "sources", "output": "sinks"}
_STREAM_LISTS: dict[Kind, str] = {"input": "source-outputs", "output": "sink-inputs"}
_DEFAULTS: dict[Kind, str] = {"input": "default_source_name", "output": "default_sink_name"}
_DEVICE_OF_STREAM: dict[Kind, str] = {"input": "source", "output": "sink"}
# What libpulse and PipeWire's ALSA plug-in read whenever a stream is opened.
_VARIABLES: dict[Kind, tuple[str, ...]] = {
    "input": ("PULSE_SOURCE", "PIPEWIRE_NODE"),
    "output": ("PULSE_SINK", "PIPEWIRE_NODE"),
}


@dataclass(frozen=True, slots=True)
class ServerState:
    """What the server had when it was asked; the monitors of speakers are no microphones and left out."""

    devices: tuple[DeviceInfo, ...]


def pactl(*words: str) -> str | None:
    """What `pactl` prints, in English; None when there is no such tool, no server, or no answer in two seconds."""
    program = shutil.which("pactl")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *words],
            env={**os.environ, "LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=_ANSWER_TIMEOUT_S, check=False, errors="replace",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.info("the sound server was not asked: %s", error)
        return None
    return done.stdout if done.returncode == 0 else None


class SoundServer:
    """Asks the sound server. Slow (some 10 ms a question): for threads."""

    def __init__(self, ask: Ask = pactl) -> None:
        self._ask = ask

    def look(self) -> ServerState | None:
        """The devices there are now; None without a server, or with one that is too old to answer in JSON."""
        info = self._answer("info")
        if not isinstance(info, dict):
            return None
        return ServerState(
            (*self._devices("input", cast(dict[str, Any], info)), *self._devices("output", cast(dict[str, Any], info)))
        )

    def device_of_newest_stream(self, kind: Kind) -> str | None:
        """The id of the device on which this process's newest stream lies; None when that cannot be known."""
        own = [
            stream
            for stream in self._rows("list", _STREAM_LISTS[kind])
            if stream.get("properties", {}).get("application.process.id") == str(os.getpid())
        ]
        if not own:
            return None
        newest = max(own, key=lambda stream: int(stream["index"]))
        number = newest.get(_DEVICE_OF_STREAM[kind])
        return next((str(row["name"]) for row in self._rows("list", _LISTS[kind]) if row["index"] == number), None)

    def _devices(self, kind: Kind, info: Mapping[str, Any]) -> Iterator[DeviceInfo]:
        taken: dict[str, int] = {}
        for row in sorted(self._rows("list", _LISTS[kind]), key=lambda row: str(row.get("name"))):
            if kind == "input" and row.get("monitor_source"):
                continue
            title = str(row.get("description") or row["name"])
            taken[title] = taken.get(title, 0) + 1
            name = title if taken[title] == 1 else f"{title} ({taken[title]})"
            yield _described(row, kind, name, is_default=row["name"] == info.get(_DEFAULTS[kind]))

    def _rows(self, *words: str) -> list[dict[str, Any]]:
        rows = self._answer(*words)
        return [cast(dict[str, Any], row) for row in cast(list[Any], rows)] if isinstance(rows, list) else []

    def _answer(self, *words: str) -> object:
        text = self._ask("-f", "json", *words)
        try:
            return cast(object, json.loads(text)) if text else None
        except ValueError:
            _log.info("the sound server's answer to %s is no JSON", words)
            return None


@contextmanager
def aimed_at(info: DeviceInfo) -> Generator[None]:
    """While inside, a stream that is opened lies on this device; without an id, where the server puts it.

    These variables belong to the whole process, so one stream at a time is opened (`SoundDevices` has a lock).
    """
    before = {name: os.environ.get(name) for name in _VARIABLES[info.kind]}
    if info.id:
        os.environ.update(dict.fromkeys(_VARIABLES[info.kind], info.id))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _described(row: Mapping[str, Any], kind: Kind, name: str, *, is_default: bool) -> DeviceInfo:
    # "s16le 2ch 48000Hz"
    _, channels, rate = str(row.get("sample_specification", "s16le 1ch 48000Hz")).split(" ")
    properties = cast(Mapping[str, str], row.get("properties") or {})
    is_bluetooth = properties.get("device.bus") == "bluetooth" or properties.get("device.api") == "bluez5"
    return DeviceInfo(
        name,
        kind,
        int(rate.removesuffix("Hz")),
        is_default,
        id=str(row["name"]),
        plugged=int(row["index"]),
        channels=int(channels.removesuffix("ch")),
        is_muted=bool(row.get("mute", False)),
        is_call_quality=kind == "input" and is_bluetooth,
    )
