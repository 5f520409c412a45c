"""What a screen reader finds on the rig's desktop: every control by its name, with its place on the display.

Spoken over D-Bus as AT-SPI defines it (org.a11y.atspi): the desktop's children are the programs, their children the
windows, and so on down to each button.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

_ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_ACCESSIBLE, _COMPONENT = "org.a11y.atspi.Accessible", "org.a11y.atspi.Component"
_SCREEN = 0
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True)
class Control:
    """Something with a name, and its rectangle on the display in pixels."""

    name: str
    role: str
    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[str, str]:
        """Where to click, as words for xdotool."""
        return str(self.x + self.width // 2), str(self.y + self.height // 2)


def controls(env: Mapping[str, str]) -> list[Control]:
    """Everything that can be seen on this desktop just now, from the top of each window to its end."""

    async def look() -> list[Control]:
        async with asyncio.timeout(LONGEST_S):
            return await _look(env["DBUS_SESSION_BUS_ADDRESS"])

    return asyncio.run(look())


async def _look(session: str) -> list[Control]:
    address = await _asked(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
    bus = await MessageBus(bus_address=address).connect()
    try:
        return [control async for control in _below(bus, *_ROOT) if control.width > 0 and control.height > 0]
    finally:
        bus.disconnect()


async def _asked(session: str, destination: str, path: str, interface: str, member: str) -> Any:
    bus = await MessageBus(bus_address=session).connect()
    try:
        return (await _call(bus, destination, path, interface, member))[0]
    finally:
        bus.disconnect()


async def _below(bus: MessageBus, destination: str, path: str) -> AsyncIterator[Control]:
    for child in (await _call(bus, destination, path, _ACCESSIBLE, "GetChildren") or [[]])[0]:
        name = await _call(
            bus, *child, "org.freedesktop.DBus.Properties", "Get", signature="ss", body=[_ACCESSIBLE, "Name"]
        )
        role = await _call(bus, *child, _ACCESSIBLE, "GetRoleName")
        place = await _call(bus, *child, _COMPONENT, "GetExtents", signature="u", body=[_SCREEN])
        if name and role and place:
            yield Control(name[0].value, role[0], *place[0])
        async for control in _below(bus, *child):
            yield control


async def _call(bus: MessageBus, destination: str, path: str, interface: str, member: str, **more: Any) -> list[Any]:
    """The answer's values; none where a control has gone meanwhile or lacks what was asked for."""
    answer = await bus.call(Message(destination=destination, path=path, interface=interface, member=member, **more))
    return [] if answer is None or answer.message_type is MessageType.ERROR else answer.body
