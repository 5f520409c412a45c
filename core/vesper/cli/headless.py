"""The assistant in the terminal: the same as in the window, told by lines of text or JSON."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vesper.assembly import Sound, assemble
from vesper.assistant import Assistant
from vesper.base.bus import Subscription
from vesper.base.clock import Clock, SystemClock, VirtualClock
from vesper.base.errors import BadInput, VesperError
from vesper.base.events import (
    AnswerText,
    Event,
    LevelChanged,
    ListeningArmed,
    ListeningMuted,
    Problem,
    QuitWanted,
    SpeechRecognised,
    TimerMissed,
    TimerRang,
)
from vesper.base.logs import start_log
from vesper.base.paths import UserPaths
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.cli.output import emit, note, say
from vesper.control import ControlServer, InstanceLock, control_address

_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file in place of the microphone; answers go to `out_dir` as WAV files where one is named."""

    path: Path
    out_dir: Path | None
    is_fast: bool


def run_headless(paths: UserPaths, *, recording: Recording | None = None, as_json: bool = False) -> int:
    """Run until the user ends it, or the recording is over and the last turn has finished. The exit code."""
    start_log(paths.logs)
    if recording is not None and recording.out_dir is not None:
        _make(recording.out_dir)
    with _alone(paths, recording is None):
        return asyncio.run(_run(paths, recording, as_json))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            "audio.not_written", f'"{folder}" cannot be made a folder.', "Choose a folder that can be written to."
        ) from error


@contextmanager
def _alone(paths: UserPaths, is_needed: bool) -> Generator[None]:
    """Hold the home's lock. A recording needs no microphone, so it may be heard beside a running Vesper."""
    lock = InstanceLock(paths)
    if is_needed and not lock.take():
        raise VesperError(
            "vesper.running",
            "Vesper is already running.",
            "Talk to it with `vesper --talk`, end it with `vesper --quit`.",
        )
    try:
        yield
    finally:
        lock.release()


async def _run(paths: UserPaths, recording: Recording | None, as_json: bool) -> int:
    clock: Clock = VirtualClock() if recording is not None and recording.is_fast else SystemClock()
    sound = Sound(recording.path, recording.out_dir) if recording is not None else Sound()
    assistant = assemble(paths, clock, sound)
    if recording is not None:
        assistant.settings.apply("audio.muted", False)  # muting closes a device; a file is heard, and nothing is saved
    owner = TaskOwner("terminal", told_by_awaiting)
    events = assistant.bus.subscribe()
    printing = owner.start(_print(events, as_json), "print")
    control = ControlServer(control_address(paths), assistant.calls)
    ended = owner.start(_quit_wanted(assistant), "quit")
    try:
        if recording is None:
            await control.start()  # first, so that "quit" is heard while the rest is still being opened
        life = owner.start(_life(assistant, recording), "life")
        await asyncio.wait((life, ended, printing), return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            await life
        life.cancel()
        await asyncio.wait((life,))
    finally:
        await control.close()
        await assistant.close()
        events.close()
        await printing
        await owner.close()
    return _INTERRUPTED if recording is not None and ended.done() and not ended.cancelled() else 0


async def _life(assistant: Assistant, recording: Recording | None) -> None:
    """Start, and go on until the recording is over; without one, until cancelled."""
    await assistant.start(threaded=not isinstance(assistant.clock, VirtualClock))
    if recording is not None:
        await assistant.hear_recording()
    else:
        await asyncio.Event().wait()


async def _quit_wanted(assistant: Assistant) -> None:
    """Until Ctrl+C, SIGTERM, or `vesper --quit`; heard from the first moment of the start."""
    with assistant.bus.subscribe(QuitWanted) as quits:
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, quits.close)
        await quits.next()


async def _print(events: Subscription, as_json: bool) -> None:
    async for event in events:
        if isinstance(event, LevelChanged):
            continue
        if as_json:
            emit(event.as_dict())
        else:
            _tell(event)


def _tell(event: Event) -> None:
    match event:
        case ListeningArmed():
            note(f'Listening. Say "{event.phrases[0]}".' if event.phrases else "Listening.")
        case ListeningMuted():
            note("The microphone is off.")
        case SpeechRecognised():
            say(f"> {event.text}")
        case AnswerText(final=True):
            say(event.text)
        case TimerRang():
            say(f"A timer rings: {event.timer_name}" if event.timer_name else "A timer rings.")
        case TimerMissed():
            say(f"A timer was missed: {event.timer_name}" if event.timer_name else "A timer was missed.")
        case Problem():
            note(f"{event.sentence} {event.hint}".strip())
        case _:
            return
