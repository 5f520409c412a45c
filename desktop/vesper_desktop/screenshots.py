"""Pictures of every window in both themes: scripted events through the real reducers into the real windows.

No core runs and no display is needed, so the pictures are the same on every machine with the same fonts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from vesper.base import events
from vesper.base.clock import VirtualClock
from vesper.base.settings_file import SettingsFile
from vesper_desktop.actions import ACTIONS, Actions
from vesper_desktop.bridge import Bridge
from vesper_desktop.run import make_app
from vesper_desktop.theme import Theme
from vesper_desktop.view_state import conversation, first_run, timers
from vesper_desktop.view_state.conversation import ConversationState, CoreReady
from vesper_desktop.view_state.first_look import WindowPreferences
from vesper_desktop.view_state.orb import OrbState
from vesper_desktop.view_state.timers import TimersState
from vesper_desktop.widgets.orb_painting import OrbPicture, paint_orb
from vesper_desktop.windows.conversation import ConversationWindow
from vesper_desktop.windows.keys import KeysWindow
from vesper_desktop.windows.leaving import LeavingDialog
from vesper_desktop.windows.settings import SettingsWindow
from vesper_desktop.windows.welcome import WelcomeWindow

NOW = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
AWAKE: tuple[events.Event, ...] = (
    CoreReady(),
    events.ListeningArmed(phrases=("okay nabu",)),
    events.LevelChanged(dbfs=-44),
)
TALK: tuple[events.Event, ...] = (
    events.SpeechRecognised(turn="1", text="what time is it", confidence=0.9, engine="scripted", language="en"),
    events.AnswerText(turn="1", text="It is ten past nine."),
    events.TurnFinished(turn="1", outcome="answered"),
    events.SpeechRecognised(
        turn="2", text="set a pasta timer for nine minutes", confidence=0.9, engine="scripted", language="en"
    ),
    events.AnswerText(turn="2", text="Pasta timer set for nine minutes. I will ring here until you say stop."),
    events.TurnFinished(turn="2", outcome="answered"),
)
WHY: tuple[events.Event, ...] = (
    conversation.Typed(text="Why didn't you answer?"),
    events.AnswerText(
        turn="3",
        text="I heard something like “okay nabu” 20 seconds ago, but it only scored 0.55 where 0.70 is needed. Speak a "
        "little closer to the microphone, or choose “keen” under sensitivity in the settings.",
    ),
    events.TurnFinished(turn="3", outcome="answered"),
)
WAKES = events.UnwantedWakes(
    last_hour=7,
    usual=1.5,
    sentence="Something keeps waking me: 7 times in the last hour, and nobody asked for anything.",
    hint="Choose “strict” under sensitivity in the settings, or another wake phrase.",
)
HEARING: tuple[events.Event, ...] = (
    *TALK,
    events.WakeHeard(turn="3", phrase="okay nabu", score=0.98, ended_at=1.0),
    events.SpeechPartial(turn="3", text="how many days until"),
    events.LevelChanged(dbfs=-20),
)
TROUBLE: tuple[events.Event, ...] = (
    events.Problem(
        code="microphone.busy",
        sentence="I can't hear the microphone: another program is using it.",
        hint="Close it or choose another microphone.",
    ),
)
TIMERS = (
    {"id": "a", "name": "Pasta", "state": "running", "due": NOW + timedelta(minutes=8, seconds=41)},
    {"id": "b", "name": "Tea", "state": "paused", "remaining_s": 102.0},
)
RINGING = ({"id": "a", "name": "Pasta", "state": "ringing", "due": NOW}, TIMERS[1])
DEVICES = ({"name": "Desk microphone", "kind": "input"}, {"name": "Loudspeaker", "kind": "output"})
CHOICES = {"wake.phrases": ("okay nabu", "hey jarvis", "hey mycroft", "alexa"), "general.language": ("en",)}
VOICES = ({"name": "English (Great Britain)"},)


def draw_all(folder: Path, *, scale: float = 1.0, is_mirrored: bool = False) -> Iterator[Path]:
    """Draw everything as PNG at `scale`; `is_mirrored` lays it out right to left. Yields each file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    app = make_app(WindowPreferences())
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight)
    theme = Theme(app)
    for is_dark in (True, False):
        theme.choose(is_dark=is_dark)
        for name, window in _windows(theme):
            picture = _picture(app, window, scale)
            path = folder / f"{name}-{theme.palette.name}.png"
            picture.save(str(path))
            window.hide()
            window.deleteLater()
            yield path
        path = folder / f"orb-{theme.palette.name}.png"
        _orb_states(theme, scale).save(str(path))
        yield path


def _windows(theme: Theme) -> Iterator[tuple[str, QWidget]]:
    yield "conversation-new", _conversation(theme, AWAKE)
    yield "conversation-hearing", _conversation(theme, (*AWAKE, *HEARING))
    yield "conversation-timers", _conversation(theme, (*AWAKE, *TALK), TIMERS)
    yield "conversation-ringing", _conversation(theme, (*AWAKE, *TALK), RINGING)
    yield "conversation-muted", _conversation(theme, (*AWAKE, *TALK, events.ListeningMuted()))
    yield "conversation-problem", _conversation(theme, (*AWAKE, *TALK, *TROUBLE))
    advised = _conversation(theme, (*AWAKE, *TALK[:3], *WHY))
    advised.advise(WAKES.sentence, WAKES.hint)
    yield "conversation-why", advised
    offering = _conversation(theme, (*AWAKE, *TALK), TIMERS)
    offering.offer_login_start()
    yield "conversation-login", offering
    yield "settings", _settings(theme)
    for place, step in enumerate(first_run.STEPS):
        yield f"welcome-{step}", _welcome(theme, place)
    parent = _conversation(theme, AWAKE)
    yield "keys", KeysWindow(parent)
    yield "leaving", LeavingDialog(parent)


def _conversation(
    theme: Theme, script: Iterable[events.Event], running: tuple[dict[str, Any], ...] = ()
) -> ConversationWindow:
    owner = QObject(theme)
    actions = Actions(theme, {info.id: owner.objectName for info in ACTIONS}, owner)
    window = ConversationWindow(Bridge(owner), theme, actions, clock=VirtualClock(NOW))
    state = ConversationState()
    for event in script:
        state = conversation.reduce(state, event)
    window.render_state(state, timers.reduce(TimersState(), events.TimersChanged(timers=running)))
    return window


def _settings(theme: Theme) -> SettingsWindow:
    window = SettingsWindow(Bridge(theme), theme)
    window.show_infos(SettingsFile(Path("no-such-file.toml")).infos())
    for name, names in CHOICES.items():
        window.offer(name, names)
    window.offer_devices(DEVICES, VOICES)
    window.show_wakes(WAKES)
    return window


def _welcome(theme: Theme, place: int) -> WelcomeWindow:
    window = WelcomeWindow(Bridge(theme), theme)
    window.show_devices(DEVICES)
    window.show()
    script: tuple[events.Event, ...] = (*AWAKE, *(events.LevelChanged(dbfs=-30) for _ in range(4)))
    for event in script:
        window.take(event)
    for _ in range(place):
        window.go_on()
        for event in TALK[:3]:
            window.take(event)
        window.take(events.WakeHeard(phrase="okay nabu", score=0.9, ended_at=1.0))
        window.take(events.SpeakingFinished(heard="It is ten past nine."))
    window.hide()  # what has faded half is whole when it is shown again
    return window


def _picture(app: QApplication, window: QWidget, scale: float) -> QImage:
    window.show()
    for _ in range(4):  # polishing, laying out, scrolling and painting each take a round
        app.processEvents()
    picture = _canvas(window.size(), scale)
    window.render(picture, QPoint())
    return picture


def _orb_states(theme: Theme, scale: float) -> QImage:
    """Every state at 144 and at 16 pixels, side by side: they must be told apart at both."""
    cell = 176
    picture = _canvas(QSize(cell * len(OrbState), cell), scale)
    painter = QPainter(picture)
    try:
        painter.fillRect(picture.rect(), theme.palette["ground"])
        for place, state in enumerate(OrbState):
            orb = OrbPicture(state, theme.palette.orb[state], phase=0.12)
            painter.save()
            painter.translate(place * cell, 0)
            paint_orb(painter, QRectF(16, 8, 144, 144), orb)
            paint_orb(painter, QRectF(148, 150, 16, 16), orb, is_bare=True)
            painter.restore()
    finally:
        painter.end()
    return picture


def _canvas(size: QSize, scale: float) -> QImage:
    picture = QImage(
        round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_ARGB32_Premultiplied
    )
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    return picture
