"""What an engine is: a row in a table that says who fills a role, what it needs and where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["audio", "wake", "phrase", "stop", "activity", "noise", "stt", "gate", "tts", "secrets", "notifier"]
RunsIn = Literal["audio", "loop", "thread", "child"]


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """One engine of the table in `vesper.engines`.

    `target` is "module:Class", imported when the engine is first used; `needs` are the importable modules it
    wraps; `runs` says where its calls happen: "audio" (the audio thread: synchronous, under 3 ms a frame),
    "loop" (under 3 ms a call), "thread", or "child" (may crash, hang or hold the GIL).
    """

    role: Role
    name: str
    target: str
    runs: RunsIn
    needs: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ("linux", "darwin", "win32")


@dataclass(frozen=True, slots=True)
class Probe:
    """How a stage is: `state` "ok", "problem" or "off"; `detail` what was found; `hint` what to do."""

    state: Literal["ok", "problem", "off"]
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What a running engine says of itself; `facts` are plain values for selfcheck."""

    name: str
    languages: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Engine(Protocol):
    """What every engine class offers, whatever its role. Engines are plain synchronous code."""

    @property
    def info(self) -> EngineInfo:
        """Name, languages and facts."""
        ...

    def open(self) -> None:
        """Load what is needed. Raises Missing with a hint when something is not there."""
        ...

    def close(self) -> None:
        """Give everything back. Safe to call twice."""
        ...

    def probe(self) -> Probe:
        """A quick real check of the engine."""
        ...
