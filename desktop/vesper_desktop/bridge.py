"""The one crossing between asyncio and Qt: the core's thread, its events, and the calls into it.

    core's bus ──> EventPacing ──> Bridge.happened (queued signal) ──> reducers, windows
    windows ──> Bridge.send / ask ──> the core's loop ──> Assistant

Two loops meet here. The core's loop runs the assistant in a thread of its own, so that a frozen window never
deafens Vesper. The window's loop is Qt's, made awaitable by qasync; its coroutines belong to the window alone.
No other module of the desktop imports asyncio or qasync.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import qasync
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from vesper.base.bus import Subscription
from vesper.base.clock import SystemClock
from vesper.base.errors import EngineFailed, Missing, VesperError, unexpected
from vesper.base.events import Event, Problem
from vesper.base.tasks import TaskOwner
from vesper_desktop.assistant_port import AssistantPort, MakeAssistant, MakeServer
from vesper_desktop.view_state.conversation import CoreReady
from vesper_desktop.view_state.pacing import EventPacing

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger(__name__)

LONGEST_START_S = 60.0
LONGEST_CALL_S = 300.0
LONGEST_END_S = 1.5


class Core(threading.Thread):
    """The core's thread: makes the assistant, runs it in a loop of its own, ends it when asked.

    `serve` makes what serves other programs beside it; `tell` receives every event, paced, and is called in this
    thread; `ended` is called last.
    """

    def __init__(
        self,
        make: MakeAssistant,
        serve: MakeServer | None,
        *,
        tell: Callable[[Event], None],
        ended: Callable[[], None],
    ) -> None:
        # A daemon: an assistant that hangs while it closes must not keep the program alive.
        super().__init__(name="vesper-core", daemon=True)
        self._make = make
        self._serve = serve
        self._tell = tell
        self._ended = ended
        self.loop = asyncio.new_event_loop()
        self.assistant: AssistantPort | None = None
        self._stop = asyncio.Event()
        self._pacing = EventPacing()
        self._due: asyncio.TimerHandle | None = None

    def run(self) -> None:
        """The life of the core; nothing that goes wrong here leaves it silently."""
        try:
            with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
                runner.run(self._life())
        except Exception as error:  # noqa: BLE001 (the thread's last line of defence)
            _log_bug(error)
            self._tell(_problem(error))
        finally:
            self._ended()

    def stop(self) -> None:
        """Ask for the end, from any thread. Safe after it has ended."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._stop.set)

    async def _life(self) -> None:
        assistant = self._make()
        server = self._serve(assistant) if self._serve is not None else None
        owner = TaskOwner("bridge")
        with assistant.bus.subscribe() as subscription:
            owner.start(self._forward(subscription), "events")
            try:
                await assistant.start()
                if server is not None:
                    await server.start()
                self.assistant = assistant
                self._tell(CoreReady())
                await self._stop.wait()
            finally:
                self.assistant = None
                if server is not None:
                    await server.close()
                await assistant.close()
                await owner.close()

    async def _forward(self, subscription: Subscription) -> None:
        async for event in subscription:
            for ready in self._pacing.offer(event, self.loop.time()):
                self._tell(ready)
            if self._pacing.wait_s is not None and self._due is None:
                self._due = self.loop.call_later(self._pacing.wait_s, self._tell_due)

    def _tell_due(self) -> None:
        self._due = None
        for event in self._pacing.due(self.loop.time()):
            self._tell(event)


class Bridge(QObject):
    """The window's side. Made in Qt's thread; every method is called there.

    `happened` carries each event of the core to the window's thread, and the window's own ones (`tell`). (Not
    `event`: that is QObject's own method.)
    """

    happened = Signal(object)
    _core_event = Signal(object)
    _core_ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._tasks = TaskOwner("window", self._failed)
        self._ready = asyncio.Event()
        self._ended = asyncio.Event()
        self._quit = asyncio.Event()
        self._core_event.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._core_ended.connect(self._take_end, Qt.ConnectionType.QueuedConnection)

    @property
    def is_connected(self) -> bool:
        """Whether the assistant has started and still runs."""
        return self._core is not None and self._core.assistant is not None

    def start_core(self, make: MakeAssistant, serve: MakeServer | None = None) -> None:
        """Start the assistant in its thread; `CoreReady` or a `Problem` follows as an event."""
        self._core = Core(make, serve, tell=self._core_event.emit, ended=self._core_ended.emit)
        self._core.start()

    def tell(self, event: Event) -> None:
        """Send one of the window's own events (something typed, a button) through the reducers, at once."""
        self.happened.emit(event)

    def send(self, call: Callable[Concatenate[Any, P], object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call the assistant and do not wait; a failure becomes a `Problem`.

        `call` is named on the port: `bridge.send(AssistantPort.mute, True)`.
        """
        self.run(self.ask(call, *args, **kwargs), call.__name__)

    async def ask(
        self, call: Callable[Concatenate[Any, P], Coroutine[Any, Any, T] | T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call the assistant and await what it returns, in the window's loop.

        Waits for a start that is under way. Raises what the call raises; Missing("core.not_running") when
        there is no assistant, EngineFailed("core.no_answer") when none comes in time.
        """
        core = await self._running_core()
        work = _called(core.assistant, call.__name__, args=args, kwargs=kwargs)
        future = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, core.loop))
        try:
            async with asyncio.timeout(LONGEST_CALL_S):
                return await future
        except TimeoutError:
            raise EngineFailed("core.no_answer", "That took too long, so I stopped waiting.") from None

    def run(self, work: Coroutine[Any, Any, object], name: str) -> None:
        """Run a coroutine of the window; it ends with the program, and a failure becomes a `Problem`."""
        self._tasks.start(work, name)

    async def pause(self) -> None:
        """Let the window paint and take keys, in the middle of longer work."""
        await SystemClock().sleep(0)

    def run_until_quit(self, app: QApplication, opened: Callable[[], None], closed: Callable[[], None]) -> None:
        """Run Qt's loop: `opened` first, then until `quit`, then `closed`, then the end of the core.

        The loop is left only when everything has ended, or the core had its time (1.5 s).
        """
        loop = qasync.QEventLoop(app)
        try:
            loop.run_until_complete(self._life(opened, closed))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    def quit(self) -> None:
        """End the program, in order."""
        self._quit.set()

    async def close(self) -> None:
        """End the window's tasks, then the core."""
        await self._tasks.close()
        if self._core is None:
            return
        self._core.stop()
        try:
            async with asyncio.timeout(LONGEST_END_S):
                await self._ended.wait()
        except TimeoutError:
            _log.warning("the core did not end within %.1f s and was left behind", LONGEST_END_S)
        self._core = None

    async def _life(self, opened: Callable[[], None], closed: Callable[[], None]) -> None:
        _follow_signals(asyncio.get_running_loop(), self.quit)
        opened()
        await self._quit.wait()
        closed()
        await self.close()

    async def _running_core(self) -> Core:
        core = self._core
        if core is not None and not self._ended.is_set() and core.assistant is None:
            try:
                async with asyncio.timeout(LONGEST_START_S):
                    await self._ready.wait()
            except TimeoutError:
                core = None
        if core is None or core.assistant is None:
            raise Missing("core.not_running", "Vesper's listening part is not running.", "Quit Vesper and start again.")
        return core

    def _take(self, event: Event) -> None:
        if isinstance(event, CoreReady):
            self._ready.set()
        self.happened.emit(event)

    def _take_end(self) -> None:
        self._ended.set()
        self._ready.set()

    def _failed(self, name: str, error: BaseException) -> None:
        if not isinstance(error, VesperError):
            _log.error("%s failed", name, exc_info=error)
        self.happened.emit(_problem(error))


async def _called(assistant: AssistantPort | None, name: str, *, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Runs in the core's loop, so that a plain method is safe to call too."""
    if assistant is None:
        raise Missing("core.not_running", "Vesper is just closing.")
    result = getattr(assistant, name)(*args, **kwargs)
    return await result if inspect.isawaitable(result) else result


def _problem(error: BaseException) -> Problem:
    known = unexpected(error)
    return Problem(code=known.code, sentence=known.sentence, hint=known.hint)


def _log_bug(error: BaseException) -> None:
    if not isinstance(error, VesperError):
        _log.error("the core failed", exc_info=error)


def _follow_signals(loop: asyncio.AbstractEventLoop, ended: Callable[[], None]) -> None:
    """SIGTERM and SIGINT end the program in order, also where the loop cannot watch signals (Windows)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, ended)
        except (NotImplementedError, RuntimeError, ValueError):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended))
