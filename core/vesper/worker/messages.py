"""What is said between a proxy and the place its engine runs in, and what a proxy must know of a class."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

ENGINE = 0
"""The target number of the engine itself; remote objects are counted from 1."""

Do = Literal["open", "call", "stream", "post", "cancel", "drop", "close"]
Kind = Literal["result", "handle", "item", "end", "error"]


class Spec(Protocol):
    """What the worker reads of a row in the table of engines.

    `target` is "module:Class"; `runs` is "loop", "thread" or "child".
    """

    @property
    def name(self) -> str:
        """The engine's name, for messages."""
        ...

    @property
    def target(self) -> str:
        """ "module:Class" of the synchronous engine."""
        ...

    @property
    def runs(self) -> str:
        """Where its calls happen."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """Something to be done, in the order of `id`.

    `call` and `stream` are answered, `post` is not; `cancel` withdraws the request with this id; `drop` forgets
    the remote object `target`; `open` and `close` are about the engine as a whole.
    """

    id: int
    do: Do
    target: int = ENGINE
    method: str = ""
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the request `id`. A call gets one, a stream gets items and then an end or an error."""

    id: int
    kind: Kind
    value: Any = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How the public members of a class behave: answered calls, streams, one-way posts and properties.

    `sticky` calls are repeated after a restart, with the arguments they had last; `deadlines` are seconds a
    method may take (a stream: between two items).
    """

    calls: frozenset[str]
    streams: frozenset[str]
    posts: frozenset[str]
    properties: frozenset[str]
    sticky: tuple[str, ...] = ()
    deadlines: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """An object that stayed where the engine runs: its number there and the shape of its class."""

    target: int
    shape: Shape


def load_class(target: str) -> type[Any]:
    """The class "module:Class" names. Raises ImportError or AttributeError as Python does."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def shape_of(cls: type[Any]) -> Shape:
    """The shape of an engine class, or of a class whose objects stay remote (`REMOTE = True`).

    Read from the class alone: generator functions are streams, names in `ONE_WAY` posts, properties
    properties, every other public function a call; `STICKY` and `DEADLINES` are taken as they are.
    """
    posts = frozenset[str](getattr(cls, "ONE_WAY", ()))
    members = [(name, value) for name, value in inspect.getmembers_static(cls) if not name.startswith("_")]
    functions = {name: value for name, value in members if inspect.isfunction(value)}
    streams = frozenset(name for name, value in functions.items() if inspect.isgeneratorfunction(value))
    return Shape(
        calls=frozenset(functions) - streams - posts,
        streams=streams,
        posts=posts,
        properties=frozenset(name for name, value in members if isinstance(value, property)),
        sticky=tuple(getattr(cls, "STICKY", ())),
        deadlines=dict(getattr(cls, "DEADLINES", {})),
    )
