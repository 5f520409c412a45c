"""Ringing: a timer that is due sounds in bursts and shows a notification until it is stopped.

The bursts leave a gap in which a stop phrase can be heard, grow louder, and fall silent while the user is being
heard. Stopping is the keeper's: whoever stops the timer (voice, key, button, another window) ends the ringing here,
because it follows the keeper's events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime

from vesper.base.bus import EventBus, Subscription
from vesper.base.clock import Clock
from vesper.base.events import Event, TimerMissed, TimerRang, TimerStopped
from vesper.base.tasks import TaskOwner
from vesper.ports.audio import Playback, Samples
from vesper.ports.system import Notice, Notifier
from vesper.scheduling.keeper import Keeper
from vesper.skills.skill import Words
from vesper.voice.earcons import sound
from vesper.voice.output import Output

_GAP_S = 1.0
_FIRST_GAIN = 0.35
_GAIN_STEP = 1.15


async def _silently(_: str) -> None:
    """Nobody announces before the voice loop has hooked in."""


def _unheard(_: bool) -> None:
    """Nobody listens for a stop phrase yet."""


class Ringing:
    """Rings for as long as anything rings.

    Whoever else sounds and hears hooks in: `may_sound()` is False while the user is being heard, `on_change(rings)`
    learns that something rings or nothing does any more, `announce` says what was missed as soon as nobody speaks.
    """

    def __init__(
        self,
        keeper: Keeper,
        output: Output,
        notifier: Notifier,
        *,
        words: Words,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        self.may_sound: Callable[[], bool] = lambda: True
        self.on_change: Callable[[bool], None] = _unheard
        self.announce: Callable[[str], Coroutine[object, object, None]] = _silently
        self._keeper = keeper
        self._output = output
        self._notifier = notifier
        self._words = words
        self._bus = bus
        self._clock = clock
        self._owner = TaskOwner("ringing")
        self._ringing: set[str] = set()
        self._notices: dict[str, asyncio.Task[None]] = {}
        self._bursts: asyncio.Task[None] | None = None
        self._playback: Playback | None = None
        self._sound: tuple[Samples, int] | None = None
        self._subscription: Subscription | None = None

    @property
    def is_ringing(self) -> bool:
        """Whether anything rings."""
        return bool(self._ringing)

    def start(self) -> None:
        """Follow the keeper's events from now on."""
        self._subscription = self._bus.subscribe(TimerRang, TimerStopped, TimerMissed)
        self._owner.start(self._follow(self._subscription), "follow")

    async def close(self) -> None:
        """Fall silent and stop following; what rings is the keeper's and rings again at the next start."""
        if self._subscription is not None:
            self._subscription.close()
        self._quiet()
        await self._owner.close()
        await self._notifier.close()

    async def stop(self) -> bool:
        """Stop everything that rings; returns whether anything did."""
        self._quiet()
        return bool(await self._keeper.stop())

    async def _follow(self, events: Subscription) -> None:
        async for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        was_ringing = self.is_ringing
        match event:
            case TimerRang():
                self._ringing.add(event.id)
                if self._bursts is None or self._bursts.done():  # the sound first: no notice may hold it up
                    self._bursts = self._owner.start(self._ring(), "bursts")
                self._notify(self._text("timer_rings", event), event.id)
            case TimerStopped():
                self._end(event.id)
            case TimerMissed():
                self._end(event.id)
                text = self._text("timer_missed", event)
                self._notify(text)
                self._owner.start(self.announce(text), "announce")
            case _:
                return
        if not self._ringing:
            self._quiet()
        if was_ringing != self.is_ringing:
            self.on_change(self.is_ringing)

    def _end(self, rings: str) -> None:
        """This one rings no more, whoever stopped it: its notice goes too."""
        self._ringing.discard(rings)
        notice = self._notices.pop(rings, None)
        if notice is not None:
            notice.cancel()

    def _text(self, key: str, event: TimerRang | TimerMissed) -> str:
        due = datetime.fromisoformat(event.due).astimezone(self._clock.local_zone())
        name = event.timer_name
        return self._words.say(f"{key}_named" if name else key, name=name, time=self._words.time(due))

    def _notify(self, text: str, rings: str = "") -> None:
        actions = (("stop", self._words.say("stop")),) if rings else ()
        notice = Notice(self._words.say("timer_title"), text, actions, is_urgent=bool(rings))
        shown = self._owner.start(self._show(notice, rings), "notice")
        if rings:
            self._notices[rings] = shown

    async def _show(self, notice: Notice, rings: str) -> None:
        pressed = await self._notifier.show(notice)
        self._notices.pop(rings, None)  # answered: what follows is no longer withdrawn with it
        if pressed == "stop" and rings in self._ringing:
            await self._keeper.stop(rings)

    async def _ring(self) -> None:
        if self._sound is None:
            self._sound = await asyncio.to_thread(sound, "ring")
        samples, rate = self._sound
        gain = _FIRST_GAIN
        while self._ringing:
            if self.may_sound():
                self._playback = await self._output.play_once(samples, rate, gain=gain)
                if not self._ringing:  # stopped while the speaker was being opened
                    self._quiet()
                    return
                await self._clock.sleep(len(samples) / rate)
                gain = min(1.0, gain * _GAIN_STEP)
            await self._clock.sleep(_GAP_S)

    def _quiet(self) -> None:
        if self._playback is not None:
            self._playback.flush()
            self._playback = None
