"""The windows together: holds their states, sends each event through the reducers, carries out the actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from vesper.base import events
from vesper.base.clock import Clock
from vesper.ports.system import LoginStart
from vesper_desktop.actions import Actions
from vesper_desktop.appearance import SystemAppearance
from vesper_desktop.assistant_port import AssistantPort
from vesper_desktop.bridge import Bridge
from vesper_desktop.login_start import login_start
from vesper_desktop.theme import Theme
from vesper_desktop.tray import Tray
from vesper_desktop.view_state import conversation, timers
from vesper_desktop.view_state.closing import Closing, decide_closing
from vesper_desktop.view_state.conversation import ConversationState, CoreReady, TalkPressed
from vesper_desktop.view_state.first_look import WindowPreferences
from vesper_desktop.view_state.timers import TimersState, outlives_the_day
from vesper_desktop.widgets.plain import bring_to_front
from vesper_desktop.windows.conversation import ConversationWindow
from vesper_desktop.windows.keys import KeysWindow
from vesper_desktop.windows.leaving import LeavingDialog
from vesper_desktop.windows.settings import SettingsWindow
from vesper_desktop.windows.welcome import WelcomeWindow
from vesper_desktop.wording import orb_words


class Desktop(QObject):
    """Everything of Vesper that can be seen. `painted` after the first window's first paint."""

    painted = Signal()

    def __init__(
        self,
        app: QApplication,
        bridge: Bridge,
        preferences: WindowPreferences,
        *,
        clock: Clock,
        at_login: LoginStart | None = None,
    ) -> None:
        super().__init__(app)
        self._bridge = bridge
        self._clock = clock
        self._preferences = preferences
        self._at_login = at_login or login_start()
        self._conversation = ConversationState(phrases=preferences.wake_phrases)
        self._timers = TimersState()
        self._appearance = SystemAppearance(self)
        self.theme = Theme(app, is_dark=self._is_dark(), reduced_motion=preferences.window_reduced_motion)
        self.actions = Actions(self.theme, self._doers(), self)
        self.tray = Tray(self.theme, self.actions, self)
        self.main = ConversationWindow(bridge, self.theme, self.actions, clock=clock)
        self.settings: SettingsWindow | None = None
        self.welcome: WelcomeWindow | None = None
        self.keys: KeysWindow | None = None
        self.leaving: LeavingDialog | None = None
        self._connect()

    # ------------------------------------------------------------------ start and end

    def open(self, *, is_hidden: bool) -> None:
        """Show the first window: the first-run check where it was never done, else the conversation."""
        if is_hidden:
            return
        if self._preferences.general_first_run_done:
            self.show_main()
        else:
            self.show_check()

    def look_around(self) -> None:
        """What can wait until something is seen: the tray, and what the system says of dark and light."""
        self.tray.look()
        self._appearance.ask()

    def close(self) -> None:
        """Close every window and the tray, at once.

        They are deleted here, in Qt's thread: left to Python, the core's thread might collect them.
        """
        self._bridge.happened.disconnect(self.take)
        self.tray.close()
        self.main.may_close = True
        for window in (self.settings, self.welcome, self.keys, self.leaving, self.main):
            if window is not None:
                window.blockSignals(True)
                window.close()
                window.deleteLater()

    # ----------------------------------------------------------------- what is shown

    def show_main(self) -> None:
        """Bring the conversation to the front."""
        self.main.setWindowState(self.main.windowState() & ~Qt.WindowState.WindowMinimized)
        bring_to_front(self.main)
        self.main.focus_input()

    def show_settings(self) -> None:
        """Open the settings."""
        if self.settings is None:
            self.settings = SettingsWindow(self._bridge, self.theme)
        self.settings.open_fresh()

    def show_check(self) -> None:
        """Open the first-run check, at its beginning."""
        if self.welcome is None:
            self.welcome = WelcomeWindow(self._bridge, self.theme)
            self.welcome.finished.connect(self._check_done)
            self.welcome.painted.connect(self.painted)
        self.welcome.open_fresh(self._conversation)

    def show_keys(self) -> None:
        """Open the list of shortcuts."""
        if self.keys is None:
            self.keys = KeysWindow(self.main)
        self.keys.open()

    # ------------------------------------------------------------------------ events

    def take(self, event: events.Event) -> None:
        """Send an event through the reducers and show what has changed."""
        before, timers_before = self._conversation, self._timers
        self._conversation = conversation.reduce(before, event)
        self._timers = timers.reduce(timers_before, event)
        if self._conversation is not before or self._timers is not timers_before:
            self._render()
        self._react(event)
        for window in (self.welcome, self.settings):
            if window is not None:
                window.take(event)

    def _render(self) -> None:
        self.main.render_state(self._conversation, self._timers)
        self.tray.show_state(self._conversation.orb, orb_words(self._conversation))
        self.actions["mute"].setChecked(self._conversation.microphone == "muted")

    def _react(self, event: events.Event) -> None:
        match event:
            case CoreReady():
                self._bridge.run(self._first_look(), "first look")
            case events.SettingChanged(setting=name, value=value):
                self._setting_changed(name, value)
            case events.TimerRang():
                QApplication.alert(self.main)
            case events.TimersChanged():
                self._offer_login_start()
            case events.UnwantedWakes(sentence=sentence, hint=hint) if hint:
                self.main.advise(sentence, hint)
            case events.WindowWanted():
                self.show_main()
            case events.QuitWanted():
                self._bridge.quit()
            case _:
                pass

    async def _first_look(self) -> None:
        """What has happened before the window could listen."""
        running = await self._bridge.ask(AssistantPort.timers)
        self._bridge.tell(events.TimersChanged(timers=tuple(running)))
        await self._bridge.ask(AssistantPort.watch_level, self._is_seen())

    def _is_seen(self) -> bool:
        return self.main.isVisible() or (self.welcome is not None and self.welcome.isVisible())

    def _setting_changed(self, name: str, value: object) -> None:
        self._preferences = self._preferences.changed(name, value)
        self._dress()
        if name == "general.start_at_login":
            self._at_login.switch(bool(value))

    def _dress(self) -> None:
        self.theme.choose(is_dark=self._is_dark())
        self.theme.calm(self._preferences.window_reduced_motion)

    def _is_dark(self) -> bool:
        chosen = self._preferences.window_theme
        return self._appearance.is_dark if chosen == "system" else chosen == "dusk"

    def _offer_login_start(self) -> None:
        asked = self._preferences.general_login_start_offered or self._preferences.general_start_at_login
        if not asked and outlives_the_day(self._timers, self._clock.now(), self._clock.local_zone()):
            self._remember("general.login_start_offered", value=True)
            self.main.offer_login_start()

    # ----------------------------------------------------------------------- actions

    def _doers(self) -> dict[str, Callable[[], None]]:
        return {
            "open": self.show_main,
            "talk": self._talk,
            "mute": self._mute,
            "stop": self._stop,
            "type": self.show_main,
            "why": self._why,
            "settings": self.show_settings,
            "check": self.show_check,
            "keys": self.show_keys,
            "close": self._close_front,
            "quit": self._bridge.quit,
        }

    def _talk(self) -> None:
        if self._conversation.phase == "idle":
            self._bridge.tell(TalkPressed())
        self._bridge.send(AssistantPort.toggle)

    def _mute(self) -> None:
        is_muted = self._conversation.microphone == "muted"
        self.actions["mute"].setChecked(is_muted)  # it shows the device, not the wish
        self._bridge.send(AssistantPort.mute, not is_muted)

    def _stop(self) -> None:
        self._bridge.send(AssistantPort.stop)

    def _why(self) -> None:
        self.show_main()
        self.main.ask_why()

    def _close_front(self) -> None:
        self.main.close()

    # ----------------------------------------------------------------------- closing

    def _main_closing(self) -> None:
        closing = decide_closing(
            has_tray=self.tray.is_there,
            closes_to_tray=self._preferences.window_close_to_tray,
            was_explained=self._preferences.window_tray_notice_shown,
        )
        {
            Closing.HIDE: self.main.hide,
            Closing.EXPLAIN_AND_HIDE: self._explain_leaving,
            Closing.MINIMISE: self.main.showMinimized,
            Closing.QUIT: self._bridge.quit,
        }[closing]()

    def _stay_reachable(self) -> None:
        """Hidden without a tray (started so, or the panel has gone): back into the task bar, not into the way."""
        if not self._is_seen():
            self.main.showMinimized()

    def _explain_leaving(self) -> None:
        if self.leaving is None:
            self.leaving = LeavingDialog(self.main)
            self.leaving.accepted.connect(self._leave)
            self.leaving.quit_wanted.connect(self._bridge.quit)
        self.leaving.open()

    def _leave(self) -> None:
        self._remember("window.tray_notice_shown", value=True)
        self.main.hide()

    def _check_done(self) -> None:
        self._remember("general.first_run_done", value=True)
        self.show_main()

    def _login_start_answered(self, wanted: bool) -> None:
        if wanted:
            self._remember("general.start_at_login", value=True)

    def _remember(self, name: str, *, value: bool) -> None:
        self._preferences = self._preferences.changed(name, value)
        self._bridge.send(AssistantPort.set_setting, name, value)

    def _connect(self) -> None:
        self._bridge.happened.connect(self.take)
        self._appearance.changed.connect(self._dress)
        self.tray.opened.connect(self.show_main)
        self.tray.absent.connect(self._stay_reachable)
        self.main.painted.connect(self.painted)
        self.main.closing.connect(self._main_closing)
        self.main.login_start_wanted.connect(self._login_start_answered)
