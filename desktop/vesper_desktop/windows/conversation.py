"""The main window: orb, status and level, the conversation, timers, and a line to type in.

Paints the states it is given (`render`) and sends commands over the bridge; it decides nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QListView, QMenu, QVBoxLayout, QWidget

from vesper.base.clock import Clock
from vesper_desktop.actions import Actions, shortcut_of
from vesper_desktop.assistant_port import AssistantPort
from vesper_desktop.bridge import Bridge
from vesper_desktop.theme import GAP, GAP_M, GAP_S, GAP_XS, Theme
from vesper_desktop.view_state.conversation import (
    ConversationState,
    TalkPressed,
    TroublePutAway,
    Typed,
    TypedAnswered,
)
from vesper_desktop.view_state.orb import OrbState
from vesper_desktop.view_state.timers import TimersState
from vesper_desktop.widgets.bubble import BubbleDelegate, MessageModel
from vesper_desktop.widgets.buttons import IconButton, push_button
from vesper_desktop.widgets.level import LevelMeter
from vesper_desktop.widgets.notice import Notice
from vesper_desktop.widgets.orb import Orb
from vesper_desktop.widgets.plain import announce, frame, label, restyle
from vesper_desktop.widgets.timers import TimerStrip
from vesper_desktop.wording import orb_words, said_phrase

SECOND_MS = 1000


class ConversationWindow(QWidget):
    """`painted` after its first paint, `closing` when the user closes it (it only closes once `may_close` is set)."""

    painted = Signal()
    closing = Signal()
    login_start_wanted = Signal(bool)

    def __init__(self, bridge: Bridge, theme: Theme, actions: Actions, *, clock: Clock) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._clock = clock
        self._state = ConversationState()
        self._timers = TimersState()
        self._was_painted = False
        self.may_close = False
        self.setObjectName("window")
        self.setWindowTitle("Vesper")
        self.resize(440, 720)
        self.setMinimumSize(360, 520)
        self.addActions(actions.all())
        self._build(actions)
        self._lay_out()
        self._connect(actions)
        theme.dress(self)
        self.render_state(self._state, self._timers)
        self.focus_input()

    # ------------------------------------------------------------ what it shows

    def render_state(self, state: ConversationState, timers: TimersState) -> None:
        """Show these states."""
        before, self._state, self._timers = self._state, state, timers
        self._render_orb()
        self._render_messages(before)
        self._render_trouble()
        self._render_timers()
        can_stop = state.is_busy or bool(timers.ringing)
        self._stop.setEnabled(can_stop)

    def offer_login_start(self) -> None:
        """Ask once whether Vesper should start at login: a timer outlives the day."""
        self._offer.show_notice(
            self.tr("This timer rings after today."),
            self.tr("Vesper can start by itself when you log in, so that it still rings."),
            action=self.tr("Start at login"),
        )

    def ask_why(self) -> None:
        """Ask Vesper why it did not answer; what it says comes as a bubble like any answer."""
        self._ask(self.tr("Why didn't you answer?"))

    def advise(self, sentence: str, hint: str) -> None:
        """Say what might be better otherwise, with the way to the settings."""
        self._advice.show_notice(sentence, hint, action=self.tr("Settings"))

    def focus_input(self) -> None:
        """Let the next key be typed to Vesper."""
        self._input.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _render_orb(self) -> None:
        state = self._state
        words = orb_words(state)
        self._orb.show_state(state.orb, state.level)
        self._level.show_level(state.level)
        self._level.setVisible(state.orb in {OrbState.ARMED, OrbState.HEARING})
        if words != self._status.text():
            self._status.setText(words)
            self._orb.setAccessibleName(words)
        is_muted = state.microphone == "muted"
        self._mute.setChecked(is_muted)
        self._mute.draw("microphone-off" if is_muted else "microphone", "error" if is_muted else "text")
        self._mute.name(
            self.tr("Turn the microphone on") if is_muted else self.tr("Turn the microphone off"), shortcut_of("mute")
        )

    def _render_messages(self, before: ConversationState) -> None:
        messages = self._state.messages
        if messages is not before.messages:
            self._model.show_messages(messages)
            self._list.scheduleDelayedItemsLayout()
            QTimer.singleShot(0, self._list, self._list.scrollToBottom)
            last = messages[-1] if messages else None
            if last is not None and last.who == "vesper" and last.is_final and last not in before.messages[-1:]:
                announce(self._list, last.text)
        self._list.setVisible(bool(messages))
        self._welcome.setVisible(not messages)
        if not messages:
            self._example.setText(
                self.tr("Say “{phrase}, what time is it”, or type below.").format(
                    phrase=said_phrase(self._state.phrases)
                )
            )

    def _render_trouble(self) -> None:
        trouble = self._state.trouble
        if trouble is None:
            self._trouble.hide()
            return
        is_microphone = trouble.code.startswith(("microphone.", "device."))
        self._trouble.show_notice(
            trouble.sentence,
            trouble.hint,
            action=self.tr("Choose") if is_microphone else "",
            details=trouble.code,
        )

    def _render_timers(self) -> None:
        self._strip.show_timers(self._timers, self._clock.now())
        counts = self._timers.is_counting and self.isVisible()
        if counts != self._second.isActive():
            self._second.start() if counts else self._second.stop()

    # --------------------------------------------------------------- how it is made

    def _build(self, actions: Actions) -> None:
        theme = self._theme
        self._menu = QMenu(self)
        for name in ("talk", "mute", "stop", "type", "why", "settings", "check", "keys", "close", "quit"):
            self._menu.addAction(actions[name])
        self._menu_button = IconButton(theme, "menu", role="secondary")
        self._menu_button.name(self.tr("Menu"))
        self._why_button = IconButton(theme, "question", role="secondary")
        self._why_button.name(self.tr("Why no answer?"), shortcut_of("why"))
        self._settings_button = IconButton(theme, "settings", role="secondary")
        self._settings_button.name(self.tr("Settings"), shortcut_of("settings"))
        self._orb = Orb(theme)
        self._orb.setAccessibleDescription(self.tr("Press to talk, or hold while you speak."))
        self._status = label(role="title", is_centred=True)
        self._level = LevelMeter(theme)
        self._trouble = Notice(theme, tone="warning")
        self._offer = Notice(theme, tone="accent")
        self._advice = Notice(theme, tone="accent")
        self._model = MessageModel(self)
        self._list = self._made_list()
        self._example = label(role="secondary", wraps=True, is_centred=True)
        self._suggest = push_button(self.tr("What can you do?"))
        self._strip = TimerStrip(theme, stands_after=self._list)
        self._mute = IconButton(theme, "microphone")
        self._mute.setCheckable(True)
        self._input = QLineEdit(placeholderText=self.tr("Type to Vesper"), maxLength=2000)
        self._input.setProperty("role", "pill")
        self._input.setAccessibleName(self.tr("Type to Vesper"))
        self._pill = frame("pill")
        self._send = IconButton(theme, "send", role="accent", shape="small")
        self._send.name(self.tr("Send"), self.tr("Enter"))
        self._send.setEnabled(False)
        self._stop = IconButton(theme, "stop")
        self._stop.name(self.tr("Stop"), shortcut_of("stop"))
        self._second = QTimer(self, interval=SECOND_MS)

    def _made_list(self) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(BubbleDelegate(self._theme, view))
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setAccessibleName(self.tr("Conversation"))
        return view

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP_S, GAP, GAP)
        column.setSpacing(GAP_S)
        column.addLayout(self._header())
        column.addWidget(self._orb, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._status)
        column.addWidget(self._level, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(GAP_S)
        column.addWidget(self._trouble)
        column.addWidget(self._offer)
        column.addWidget(self._advice)
        column.addWidget(self._welcome_panel(), 1)
        column.addWidget(self._list, 1)
        column.addWidget(self._strip)
        column.addSpacing(GAP_XS)
        column.addLayout(self._input_line())

    def _header(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(GAP_XS)
        line.addStretch(1)
        line.addWidget(self._why_button)
        line.addWidget(self._settings_button)
        line.addWidget(self._menu_button)
        return line

    def _welcome_panel(self) -> QWidget:
        self._welcome = QWidget()
        column = QVBoxLayout(self._welcome)
        column.setSpacing(GAP_M)
        column.addStretch(1)
        column.addWidget(self._example)
        column.addWidget(self._suggest, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return self._welcome

    def _input_line(self) -> QHBoxLayout:
        inside = QHBoxLayout(self._pill)
        inside.setContentsMargins(GAP, 4, 6, 4)
        inside.addWidget(self._input, 1)
        inside.addWidget(self._send)
        self._pill.setFixedHeight(44)
        line = QHBoxLayout()
        line.setSpacing(GAP_S)
        line.addWidget(self._mute)
        line.addWidget(self._pill, 1)
        line.addWidget(self._stop)
        return line

    def _connect(self, actions: Actions) -> None:
        self._orb.clicked.connect(actions["talk"].trigger)
        self._orb.held.connect(self._talk_held)
        self._orb.released_hold.connect(self._talk_let_go)
        self._mute.clicked.connect(actions["mute"].trigger)
        self._stop.clicked.connect(actions["stop"].trigger)
        self._why_button.clicked.connect(actions["why"].trigger)
        self._settings_button.clicked.connect(actions["settings"].trigger)
        self._trouble.acted.connect(actions["settings"].trigger)
        self._trouble.put_away.connect(self._put_trouble_away)
        self._offer.acted.connect(self._start_at_login)
        self._offer.put_away.connect(self._not_at_login)
        self._advice.acted.connect(actions["settings"].trigger)
        self._advice.acted.connect(self._advice.hide)
        self._advice.put_away.connect(self._advice.hide)
        self._menu_button.clicked.connect(self._open_menu)
        self._input.returnPressed.connect(self._send_text)
        self._input.textChanged.connect(self._text_changed)
        self._input.installEventFilter(self)
        self._send.clicked.connect(self._send_text)
        self._suggest.clicked.connect(self._send_suggestion)
        self._strip.wanted.connect(self._timer_wanted)
        self._second.timeout.connect(self._render_timers)

    # --------------------------------------------------------- what the user does

    def _send_text(self) -> None:
        text = self._input.text().strip()
        if text:
            self._input.clear()
            self._ask(text)

    def _send_suggestion(self) -> None:
        self._ask(self._suggest.text())

    def _ask(self, text: str) -> None:
        self._bridge.tell(Typed(text=text))
        self._bridge.run(self._asked(text), "ask")

    async def _asked(self, text: str) -> None:
        try:
            await self._bridge.ask(AssistantPort.ask, text)
        finally:
            self._bridge.tell(TypedAnswered())

    def _talk_held(self) -> None:
        self._bridge.tell(TalkPressed())
        self._bridge.send(AssistantPort.talk_start)

    def _talk_let_go(self) -> None:
        self._bridge.send(AssistantPort.talk_stop)

    def _timer_wanted(self, action: str, timer_id: str) -> None:
        self._bridge.send(AssistantPort.timer_action, action, timer_id)

    def _put_trouble_away(self) -> None:
        self._bridge.tell(TroublePutAway())

    def _start_at_login(self) -> None:
        self._offer.hide()
        self.login_start_wanted.emit(True)

    def _not_at_login(self) -> None:
        self._offer.hide()
        self.login_start_wanted.emit(False)

    def _open_menu(self) -> None:
        corner = self._menu_button.rect().bottomLeft()
        self._menu.popup(self._menu_button.mapToGlobal(corner))

    def _text_changed(self, text: str) -> None:
        self._send.setEnabled(bool(text.strip()))

    # ------------------------------------------------------------------ Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Let the frame around the line to type in show its focus."""
        if watched is self._input and event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            restyle(self._pill, focused=event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell of the first paint, once it is through."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """The level is watched while someone can see it."""
        super().showEvent(event)
        self._watch_level(on=True)
        self._render_timers()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Hidden or minimised, nothing moves."""
        super().hideEvent(event)
        self._watch_level(on=False)
        self._second.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay the bubbles out for the new width."""
        super().resizeEvent(event)
        self._list.scheduleDelayedItemsLayout()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Closing is decided elsewhere: hide, minimise, explain, or quit."""
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def _watch_level(self, *, on: bool) -> None:
        if self._bridge.is_connected:
            self._bridge.send(AssistantPort.watch_level, on)
