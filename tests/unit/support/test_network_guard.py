"""What stays on this machine may connect; the rest may not."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.support.network_guard import LeftTheMachine, is_local


@pytest.mark.parametrize("address", ["/run/x.sock", ("127.0.0.1", 80), ("::1", 80, 0, 0), ("localhost", 1), ("", 0)])
def test_loopback_is_local(address: Any) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80, 0, 0)])
def test_everything_else_is_not(address: Any) -> None:
    assert not is_local(address)


def test_a_socket_beyond_loopback_fails() -> None:
    with socket.socket() as s, pytest.raises(LeftTheMachine):
        s.connect(("192.0.2.1", 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, pytest.raises(LeftTheMachine):
        s.sendto(b"hello", ("192.0.2.1", 9))
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("example.org", 443)
