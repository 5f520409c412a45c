"""The part of the assistant's surface that the window uses.

`vesper.assistant.Assistant` is one; the tests bring a scripted one. Every method is called in the core's loop
(`bridge.py` sees to that), never in the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # the settings' library is heavy, and the window is painted before it is needed
    from vesper.base.bus import EventBus
    from vesper.base.events import UnwantedWakes
    from vesper.base.settings_file import SettingInfo


class AssistantPort(Protocol):
    """What the window asks of Vesper."""

    @property
    def bus(self) -> EventBus:
        """Everything that happens; belongs to the core's loop."""
        ...

    async def start(self) -> None:
        """Begin to listen. Raises VesperError when it cannot start at all."""
        ...

    async def close(self) -> None:
        """End everything. Safe to call twice."""
        ...

    async def ask(self, text: str) -> Mapping[str, Any]:
        """One typed turn; the answer comes as events too."""
        ...

    async def talk_start(self) -> None:
        """Listen while a key or button is held."""
        ...

    async def talk_stop(self) -> None:
        """The held key or button was let go."""
        ...

    async def toggle(self) -> None:
        """Listen now, or stop listening."""
        ...

    async def mute(self, on: bool) -> None:
        """Close the microphone, or open it again."""
        ...

    async def stop(self) -> None:
        """Be silent: end speaking, ringing and listening."""
        ...

    async def timers(self) -> Sequence[Mapping[str, Any]]:
        """The timers as `timers.changed` carries them."""
        ...

    async def timer_action(self, action: str, id: str) -> None:
        """`action`: cancel, pause, resume, add_minute or stop."""
        ...

    async def devices(self) -> Sequence[Mapping[str, Any]]:
        """Sound devices: `name`, `kind` (input or output), `is_default`."""
        ...

    async def voices(self) -> Sequence[Mapping[str, Any]]:
        """Voices: `name`, and what else is known of them."""
        ...

    async def choices(self) -> Mapping[str, Sequence[str]]:
        """What can be chosen for the settings that depend on what is installed, by the setting's name."""
        ...

    async def unwanted_wakes(self) -> UnwantedWakes:
        """How often Vesper was woken without a command, in words, with advice where it grows."""
        ...

    async def say(self, text: str) -> None:
        """Speak a text."""
        ...

    async def set_setting(self, name: str, value: Any) -> Any:
        """Check, apply and save one setting. Raises WrongUsage or StorageFailed."""
        ...

    def setting_infos(self) -> Iterable[SettingInfo]:
        """Every setting with its value, title, help and schema."""
        ...

    async def watch_level(self, on: bool) -> None:
        """Send `level.changed` events, or no longer."""
        ...


class Server(Protocol):
    """What serves other programs while the assistant runs: the control socket."""

    async def start(self) -> None:
        """Begin to serve."""
        ...

    async def close(self) -> None:
        """End, also where it never began."""
        ...


MakeAssistant = Callable[[], AssistantPort]
MakeServer = Callable[[Any], Server]
