"""The microphone's care: open it, mute it truly, and bring it back when it was lost.

Nothing else opens a microphone. Muting closes the stream, so that the system's own light goes out; the choice is a
setting and survives a restart.
"""

from __future__ import annotations

import asyncio

from vesper.audio.ears import Ears, MicrophoneReport
from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import BadInput, Missing, VesperError
from vesper.base.events import DeviceBack, DeviceLostEvent, ListeningArmed, ListeningMuted
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner
from vesper.ports.audio import AudioDevices, Microphone

_OPEN_TIMEOUT_S = 5.0
_RETRY_S = (0.2, 0.5, 1.0, 2.0)


class MicrophoneCare:
    """Keeps `ears` supplied with the chosen microphone.

    `is_open` tells the truth about the device.
    """

    def __init__(
        self, ears: Ears, devices: AudioDevices, *, settings: SettingsFile, bus: EventBus, clock: Clock
    ) -> None:
        self._ears = ears
        self._devices = devices
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._owner = TaskOwner("microphone")
        self._name = ""
        self._told = ""
        self._is_lost = False
        self._microphone: Microphone | None = None
        self._is_over = False
        self.is_open = False
        self.failure: BadInput | None = None
        """Why a recording that stands in for the device cannot be heard (to its end)."""

    @property
    def is_muted(self) -> bool:
        """Whether the user closed the microphone."""
        return bool(self._settings.get("audio.muted"))

    @property
    def has_ended(self) -> bool:
        """Whether a recording that stands in for the device is over."""
        return self._is_over or (self._microphone is not None and self._microphone.has_ended)

    @property
    def name(self) -> str:
        """The device that is or was open."""
        return self._name

    async def start(self) -> None:
        """Open the microphone unless it is muted; keeps trying in the background when it cannot.

        Raises BadInput for a recording that cannot be read.
        """
        if self.is_muted:
            self._bus.publish(ListeningMuted(phrases=self._phrases()))
            return
        is_open = await self._open()
        if self.failure is not None:
            raise self.failure
        if not is_open:
            self._owner.start(self._bring_back(), "bring back")

    async def mute(self, on: bool) -> None:
        """Close the stream, or open it again. Saved before the device is touched."""
        if on == self.is_muted:
            return
        await asyncio.to_thread(self._settings.set, "audio.muted", on)
        await self._owner.close()
        if on:
            self._close()
            self._bus.publish(ListeningMuted(phrases=self._phrases()))
        else:
            await self.start()

    async def reopen(self) -> None:
        """Open anew, because another microphone was chosen."""
        await self._owner.close()
        self._close()
        await self.start()

    async def close(self) -> None:
        """Stop trying and close the device."""
        await self._owner.close()
        self._close()

    def lost(self, report: MicrophoneReport) -> None:
        """The audio thread lost the microphone: say so and bring it back, or note that a file is over."""
        self.is_open = False
        if report.error is None:
            self._is_over = True
            return
        if isinstance(report.error, BadInput):
            self._give_up(report.error)
            return
        self._is_lost = True
        self._bus.publish(DeviceLostEvent(device=self._name, kind="input"))
        self._tell(report.error)
        if not self.is_muted:
            self._owner.start(self._bring_back(), "bring back")

    def _phrases(self) -> tuple[str, ...]:
        return tuple(self._settings.get("wake.phrases"))

    def _close(self) -> None:
        self._ears.use(None)
        self.is_open = False

    async def _bring_back(self) -> None:
        attempt = 0
        while not await self._open() and not self._is_over:
            await self._clock.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
            attempt += 1
            await asyncio.to_thread(self._devices.rescan)  # else one that is plugged in now is never seen

    async def _open(self) -> bool:
        try:
            microphone = await self._opened()
        except BadInput as error:
            self._give_up(error)
            return False
        except VesperError as error:
            self._tell(error)
            return False
        self._name = microphone.info.name
        self._microphone = microphone
        self._ears.use(microphone)
        self.is_open = True
        self._told = ""
        if self._is_lost:
            self._is_lost = False
            self._bus.publish(DeviceBack(device=self._name, kind="input"))
        self._bus.publish(ListeningArmed(phrases=self._phrases()))
        return True

    async def _opened(self) -> Microphone:
        name = str(self._settings.get("audio.input_device"))
        try:
            async with asyncio.timeout(_OPEN_TIMEOUT_S):
                return await asyncio.to_thread(self._devices.open_microphone, name)
        except TimeoutError:
            raise Missing(
                "microphone.hung",
                "The microphone does not answer.",
                "Unplug it and plug it in again, or choose another microphone.",
            ) from None

    def _give_up(self, failure: BadInput) -> None:
        """A file that is broken stays broken: opening it again would only begin it anew."""
        self.failure = failure
        self._is_over = True

    def _tell(self, error: VesperError) -> None:
        if error.code != self._told:
            self._told = error.code
            self._bus.tell(error)
