"""Makes a socket that leaves this machine fail: tests, like Vesper itself, need no network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_GUARDED = ("connect", "connect_ex", "sendto")


class LeftTheMachine(AssertionError):
    """A test tried to reach something beyond loopback."""


def is_local(address: Any) -> bool:
    """Whether a socket address stays on this machine: a Unix socket, or loopback by name or number."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host in {"localhost", "", None}:
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


@contextmanager
def loopback_only() -> Iterator[None]:
    """Within this, connecting, sending and looking up names beyond loopback raise LeftTheMachine."""
    own = {name: socket.socket.__dict__.get(name) for name in _GUARDED}
    look_up = socket.getaddrinfo
    for name in _GUARDED:
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    socket.getaddrinfo = _guarded_look_up(look_up)
    try:
        yield
    finally:
        socket.getaddrinfo = look_up
        for name, method in own.items():
            if method is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, method)


def _guarded(method: Any) -> Any:
    def call(self: socket.socket, *args: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_local(args[-1]):
            raise LeftTheMachine(f"a socket to {args[-1]}")
        return method(self, *args)

    return call


def _guarded_look_up(look_up: Any) -> Any:
    def call(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not is_local((name,)):
            raise LeftTheMachine(f"looking up {name}")
        return look_up(host, *args, **kwargs)

    return call
