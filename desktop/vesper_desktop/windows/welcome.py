"""The first-run check: microphone and level, the phrase, the reply. Each step can be gone past, all be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from vesper.base.events import Event
from vesper_desktop.assistant_port import AssistantPort
from vesper_desktop.bridge import Bridge
from vesper_desktop.theme import GAP, GAP_L, GAP_M, GAP_S, GAP_XL, Theme
from vesper_desktop.view_state import conversation, first_run
from vesper_desktop.view_state.conversation import ConversationState
from vesper_desktop.view_state.first_run import STEPS, FirstRunState, moved
from vesper_desktop.widgets.buttons import push_button
from vesper_desktop.widgets.level import LevelMeter
from vesper_desktop.widgets.orb import Orb
from vesper_desktop.widgets.plain import announce, bring_to_front, label
from vesper_desktop.widgets.steps import StepDots
from vesper_desktop.wording import said_phrase

LEVEL_PX = 280


class WelcomeWindow(QWidget):
    """`finished` when the check is done, skipped or closed; `painted` after its first paint."""

    finished = Signal()
    painted = Signal()

    def __init__(self, bridge: Bridge, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self._state = FirstRunState()
        self._conversation = ConversationState()
        self._was_painted = False
        self.setObjectName("window")
        self.setWindowTitle(self.tr("Welcome to Vesper"))
        self.resize(480, 620)
        self.setMinimumSize(420, 560)
        self._build(theme)
        self._lay_out()
        theme.dress(self)
        self._render()
        self._next.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_fresh(self, state: ConversationState) -> None:
        """Show the check at its first step."""
        self._state = FirstRunState()
        self._conversation = state
        self._render()
        bring_to_front(self)
        self._next.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._bridge.is_connected:
            self._bridge.run(self._load(), "devices")

    def take(self, event: Event) -> None:
        """Follow what happens while the check is open."""
        if not self.isVisible():
            return
        passed_before = self._state.has_passed
        self._conversation = conversation.reduce(self._conversation, event)
        self._state = first_run.reduce(self._state, event)
        self._render()
        if self._state.has_passed and not passed_before:
            announce(self, self._found.text())
        if isinstance(event, conversation.CoreReady) and self._bridge.is_connected:
            self._bridge.run(self._load(), "devices")

    def show_devices(self, devices: Sequence[Any]) -> None:
        """The microphones to choose from."""
        chosen = self._device.currentData()
        self._device.clear()
        self._device.addItem(self.tr("Automatic"), "")
        for device in devices:
            if device.get("kind") == "input":
                self._device.addItem(str(device["name"]), str(device["name"]))
        self._device.setCurrentIndex(max(0, self._device.findData(chosen)))

    # --------------------------------------------------------------------- how it is made

    def _build(self, theme: Theme) -> None:
        self._dots = StepDots(theme, len(STEPS))
        self._title = label(role="screen", is_centred=True, wraps=True)
        self._say = label(wraps=True, is_centred=True)
        self._found = label(role="good", wraps=True, is_centred=True)
        self._trouble = label(role="error", wraps=True, is_centred=True)
        self._device = QComboBox()
        self._device.setMinimumWidth(LEVEL_PX)
        self._device.setAccessibleName(self.tr("Microphone"))
        self._device.addItem(self.tr("Automatic"), "")
        self._device.activated.connect(self._chosen)
        self._level = LevelMeter(theme, LEVEL_PX)
        self._orb = Orb(theme)
        self._heard = label(role="secondary", wraps=True, is_centred=True)
        self._replay = push_button(self.tr("Say something"))
        self._replay.clicked.connect(self._say_something)
        self._stage = QStackedWidget()
        self._back = push_button(self.tr("Back"), "quiet")
        self._skip = push_button(self.tr("Skip the check"), "quiet")
        self._next = push_button(self.tr("Continue"), "primary")
        self._next.setDefault(True)
        self._back.clicked.connect(self._go_back)
        self._skip.clicked.connect(self.close)
        self._next.clicked.connect(self.go_on)
        self._orb.clicked.connect(self._talk)

    def _lay_out(self) -> None:
        self._stage.addWidget(_column(self._device, self._level))
        self._stage.addWidget(_column(self._heard))
        self._stage.addWidget(_column(self._replay))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_XL, GAP_L, GAP_XL, GAP_L)
        column.setSpacing(GAP_M)
        column.addWidget(self._dots, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._orb, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title)
        column.addWidget(self._say)
        column.addSpacing(GAP_S)
        column.addWidget(self._stage)
        column.addWidget(self._found)
        column.addWidget(self._trouble)
        column.addStretch(1)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(GAP_S)
        line.addWidget(self._skip)
        line.addStretch(1)
        line.addWidget(self._back)
        line.addWidget(self._next)
        return line

    # ------------------------------------------------------------------------ what it shows

    def _render(self) -> None:
        state = self._state
        place = STEPS.index(state.step)
        self._dots.show_step(place)
        self._stage.setCurrentIndex(place)
        self._orb.show_state(self._conversation.orb, self._conversation.level)
        self._orb.setAccessibleName(self.tr("Talk to Vesper"))
        self._level.show_level(state.level)
        title, say, found = self._words()
        self._title.setText(title)
        self._say.setText(say)
        self._found.setText(found if state.has_passed else "")
        self._heard.setText(self.tr("Heard: “{text}”").format(text=state.heard) if state.heard else "")
        self._trouble.setText(state.trouble)
        self._trouble.setVisible(bool(state.trouble))
        self._back.setVisible(place > 0)
        self._next.setText(self.tr("Done") if place == len(STEPS) - 1 else self.tr("Continue"))

    def _words(self) -> tuple[str, str, str]:
        """Title, what to do, and what is said once it has worked."""
        phrase = said_phrase(self._conversation.phrases)
        if self._state.step == "microphone":
            return (
                self.tr("Can Vesper hear you?"),
                self.tr("Say a few words. The bar moves when sound arrives. Nothing leaves this computer."),
                self.tr("Sound arrives."),
            )
        if self._state.step == "phrase":
            return (
                self.tr("Say the phrase"),
                self.tr("“{phrase}, what time is it?”").format(phrase=phrase),
                self.tr("Vesper woke up and understood."),
            )
        return (
            self.tr("Can you hear Vesper?"),
            self._state.answer or self.tr("Press the button, and Vesper says a sentence."),
            self.tr("The sentence was played. If it was silent, choose another speaker in the settings."),
        )

    # ---------------------------------------------------------------------- what the user does

    def go_on(self) -> None:
        """One step on; past the last the check is over."""
        after = moved(self._state, 1)
        if after is None:
            self.close()
            return
        self._state = after
        self._render()
        announce(self, f"{self._title.text()} {self._say.text()}")

    def _go_back(self) -> None:
        self._state = moved(self._state, -1) or self._state
        self._render()

    def _chosen(self, index: int) -> None:
        self._bridge.send(AssistantPort.set_setting, "audio.input_device", self._device.itemData(index))

    def _talk(self) -> None:
        self._bridge.send(AssistantPort.toggle)

    def _say_something(self) -> None:
        self._bridge.send(AssistantPort.say, self.tr("Hello. This is how I sound."))

    async def _load(self) -> None:
        self.show_devices(await self._bridge.ask(AssistantPort.devices))
        await self._bridge.ask(AssistantPort.watch_level, True)

    # ------------------------------------------------------------------------- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell of the first paint, once it is through."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Closing is skipping: the check can be opened again from the menu."""
        was_visible = self.isVisible()
        super().closeEvent(event)
        if was_visible:
            self.finished.emit()


def _column(*widgets: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    for widget in widgets:
        is_text = isinstance(widget, QLabel)
        column.addWidget(widget, 0, Qt.AlignmentFlag(0) if is_text else Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return page
