"""The microphone's care: the right one is open, muted truly, and hearing comes back by itself when it was lost.

Nothing else opens a microphone. Muting closes the stream, so that the system's own light goes out; the choice is a
setting and survives a restart. What happens to devices (unplugged, plugged in, starved, silent, another choice of the
system, sleep) only wakes the one task that keeps the right microphone open; it alone opens and exchanges.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from vesper.audio.ears import AudibleReport, Ears, MicrophoneReport
from vesper.base.bus import EventBus
from vesper.base.clock import Clock
from vesper.base.errors import BadInput, VesperError
from vesper.base.events import DeviceBack, DeviceLostEvent, ListeningArmed, ListeningMuted
from vesper.base.settings_file import SettingsFile
from vesper.base.tasks import TaskOwner
from vesper.ports.audio import AudioDevices, DeviceInfo, Microphone
from vesper.voice import microphone_faults as faults
from vesper.voice.microphone_choice import in_order, is_named, key
from vesper.voice.set_aside import SetAside, is_heard
from vesper.voice.sleep_watch import SleepWatch

_OPEN_TIMEOUT_S = 5.0
_RETRY_S = (0.2, 0.5, 1.0, 1.5)
_TICK_S = 1.0


class MicrophoneCare:
    """Keeps `ears` supplied with the right microphone.

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
        self._set_aside = SetAside(clock)
        self._sleep = SleepWatch(clock)
        self._woken = asyncio.Event()
        self._microphone: Microphone | None = None
        self._asked: DeviceInfo | None = None
        self._name = ""
        self._told = ""
        self._warned: set[tuple[str, str]] = set()
        self._warnings: list[VesperError] = []
        self._is_followed = False
        self._is_live = False
        self._is_lost = False
        self._is_silent = False
        self._is_muted_in_system = False
        self._is_announced = False
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
        await self._follow()
        self._sleep.has_slept()
        await self._settle()
        if self.failure is not None:
            raise self.failure
        self._owner.start(self._keep(), "keep")

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
        """Open anew, because another microphone was chosen; one that is muted stays closed."""
        await self._owner.close()
        self._set_aside = SetAside(self._clock)
        self._close()
        await self.start()

    async def close(self) -> None:
        """Stop trying and close the device."""
        await self._owner.close()
        self._close()
        if self._is_followed:
            self._is_followed = False
            await asyncio.to_thread(self._devices.follow, None)

    # ------------------------------------------------------- what the audio thread found

    def lost(self, report: MicrophoneReport) -> None:
        """The audio thread lost the microphone: say so and bring it back, or note that a file is over."""
        if report.microphone is not self._microphone:
            return  # another one is open by now
        self.is_open = False
        if report.error is None:
            self._is_over = True
            return
        if isinstance(report.error, BadInput):
            self._give_up(report.error)
            return
        if self._asked is not None:
            self._set_aside.put(self._asked)
        self._lose(report.error)
        self._woken.set()

    def heard(self, report: AudibleReport) -> None:
        """The open microphone gives sound, for the first time or again; or it gives nothing but zeros."""
        if report.microphone is not self._microphone:
            return
        self._is_silent = not report.is_audible
        if self._is_silent:
            self._woken.set()
            return
        self._told = ""
        if self._asked is not None:
            self._set_aside.take_back(self._asked)
        if not self._is_announced:
            self._is_announced, self._is_lost = True, False
            self._bus.publish(DeviceBack(device=self._name, kind="input"))
            self._bus.publish(ListeningArmed(phrases=self._phrases()))
            self._tell_warnings()

    # ----------------------------------------------------------- keeping the right one open

    async def _follow(self) -> None:
        if self._is_followed:
            return
        loop = asyncio.get_running_loop()

        def changed() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._woken.set)

        self._is_followed = True
        self._is_live = await asyncio.to_thread(self._devices.follow, changed)

    async def _keep(self) -> None:
        """Whenever something has happened, and while no microphone is open, see to the right one."""
        attempt = 0
        while not self._is_over:
            if self.is_open:
                attempt = 0
                await self._something_happened(_TICK_S if self._is_live else None)
            else:
                await self._something_happened(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                attempt += 1
                await asyncio.to_thread(self._devices.rescan)  # else one that is plugged in now is never seen
            await self._look()

    async def _something_happened(self, at_most_s: float | None) -> None:
        waiting: list[asyncio.Task[Any]] = [self._owner.start(self._woken.wait(), "wait")]
        if at_most_s is not None:
            waiting.append(self._owner.start(self._clock.sleep(at_most_s), "tick"))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _look(self) -> None:
        """Do what there is to do; most of the times that is nothing."""
        has_happened = self._woken.is_set()
        self._woken.clear()
        if self._is_live and self._sleep.has_slept() and self.is_open:
            self._lose(None)  # streams may look alive after a sleep and be dead: everything is built anew
            self._drop()
            await asyncio.to_thread(self._devices.rescan)
        if has_happened or not self.is_open or self._set_aside.is_any_due:
            await self._settle()

    async def _settle(self) -> None:
        """Let the right microphone be the open one."""
        if self._is_over or (self.is_open and not self._is_live):
            return
        try:
            devices = await asyncio.to_thread(self._devices.devices)
        except VesperError as error:
            self._tell(error)
            return
        self._set_aside.keep_only(devices)
        if self.is_open:
            self._judge(devices)
        await self._try_again(devices)
        await self._open_best(devices)

    def _judge(self, devices: Sequence[DeviceInfo]) -> None:
        """Give up the open microphone if it is gone or dead."""
        assert self._asked is not None
        now = next((device for device in devices if key(device) == key(self._asked)), None)
        if now is None:
            self._lose(faults.gone(self._asked))
            self._drop()
        elif self._is_silent and now.is_muted:
            self._is_muted_in_system = True
            self._lose(faults.muted_in_system(now))
        elif self._is_muted_in_system:
            self._is_muted_in_system = self._is_silent = False
            self._ears.listen_anew()
        elif self._is_silent:
            self._set_aside.put(now)
            self._lose(faults.silent(now))
            self._drop()

    async def _try_again(self, devices: Sequence[DeviceInfo]) -> None:
        """Hear now and then whether the best one, which was set aside, gives sound again."""
        due = self._set_aside.take_due()
        best = next(iter(in_order(self._ranked, devices)), None)
        if best is None or key(best) not in due or best.is_call_quality or not self.is_open:
            return
        if await asyncio.to_thread(is_heard, self._devices, best):
            self._set_aside.take_back(best)

    async def _open_best(self, devices: Sequence[DeviceInfo]) -> None:
        """The best microphone that can be opened, unless it is open already."""
        candidates = in_order(self._ranked, devices, self._set_aside.keys)
        for wanted in candidates:
            if self.is_open and self._asked is not None and key(wanted) == key(self._asked):
                return
            if await self._open(wanted):
                self._warn_of(wanted, devices)
                return
            if self._is_over:
                return
            self._set_aside.put(wanted)
        if not candidates:
            await self._open(None)

    async def _open(self, wanted: DeviceInfo | None) -> bool:
        try:
            microphone = await self._opened("" if wanted is None else wanted.name)
        except BadInput as error:
            self._give_up(error)
            return False
        except VesperError as error:
            self._tell(error)
            return False
        is_first = self._asked is None and not self._is_lost
        self._asked = wanted or microphone.info
        self._name = microphone.info.name
        self._microphone = microphone
        self._ears.use(microphone)
        self.is_open = True
        self._is_silent = self._is_muted_in_system = False
        self._is_announced = is_first
        if is_first:  # later it is told with the first sound: an open stream is not yet a heard one
            self._told = ""
            self._bus.publish(ListeningArmed(phrases=self._phrases()))
        return True

    async def _opened(self, name: str) -> Microphone:
        opening = asyncio.get_running_loop().run_in_executor(None, self._devices.open_microphone, name)
        try:
            async with asyncio.timeout(_OPEN_TIMEOUT_S):
                return await asyncio.shield(opening)
        except TimeoutError:
            opening.add_done_callback(_close_unwanted)
            raise faults.hung() from None
        except asyncio.CancelledError:  # muted meanwhile, for instance: then it must not stay open
            opening.add_done_callback(_close_unwanted)
            raise

    @property
    def _ranked(self) -> tuple[str, ...]:
        return self._settings.current.audio.input_device

    def _phrases(self) -> tuple[str, ...]:
        return tuple(self._settings.get("wake.phrases"))

    def _close(self) -> None:
        """Closed on purpose: the next one that is opened is no return of a lost one."""
        self._drop()
        self._asked = None
        self._is_lost = False

    def _drop(self) -> None:
        self._ears.use(None)
        self.is_open = False

    def _give_up(self, failure: BadInput) -> None:
        """A file that is broken stays broken: opening it again would only begin it anew."""
        self.failure = failure
        self._is_over = True

    # ------------------------------------------------------------------------ what is told

    def _lose(self, error: VesperError | None) -> None:
        """Hearing is lost: told once, until something is heard again."""
        self._is_announced = False
        if not self._is_lost:
            self._is_lost = True
            self._bus.publish(DeviceLostEvent(device=self._name, kind="input"))
        if error is not None:
            self._tell(error)

    def _tell(self, error: VesperError) -> None:
        if error.code != self._told:
            self._told = error.code
            self._bus.tell(error)

    def _warn_of(self, wanted: DeviceInfo, devices: Sequence[DeviceInfo]) -> None:
        """What the user should know of the microphone that is open now, once each."""
        microphone, ranked = self._microphone, self._ranked
        if microphone is None or not self.is_open or not self._is_live:
            return
        if key(microphone.info) != key(wanted):
            self._warn(wanted, faults.another(wanted, microphone.info))
        if ranked and not any(is_named(wanted, name) for name in ranked):
            self._warn(wanted, faults.replaced(ranked, wanted))
        if wanted.is_call_quality:
            self._warn(wanted, faults.call_quality(wanted, devices))
        if self._is_announced:
            self._tell_warnings()

    def _warn(self, device: DeviceInfo, warning: VesperError) -> None:
        if (warning.code, device.name) not in self._warned:
            self._warned.add((warning.code, device.name))
            self._warnings.append(warning)

    def _tell_warnings(self) -> None:
        """Behind the news that something is heard again, which takes earlier trouble off the screen."""
        while self._warnings:
            self._bus.tell(self._warnings.pop(0))


def _close_unwanted(opening: asyncio.Future[Microphone]) -> None:
    """Nobody waits any more for the microphone that was being opened."""
    if not opening.cancelled() and opening.exception() is None:
        opening.get_loop().run_in_executor(None, opening.result().close)
