"""The settings page, made from the settings themselves: a section a heading, a field a row.

A changed control is saved at once by the core; what it refuses is said under the row, which then shows the
value that is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from vesper.base.errors import VesperError
from vesper.base.events import Event, SettingChanged, UnwantedWakes
from vesper_desktop.assistant_port import AssistantPort
from vesper_desktop.bridge import Bridge
from vesper_desktop.theme import GAP, GAP_L, GAP_M, GAP_S, GAP_XS, Theme
from vesper_desktop.view_state.settings_form import FormField, FormSection, form
from vesper_desktop.widgets.field import FieldControl
from vesper_desktop.widgets.fields import make_control
from vesper_desktop.widgets.plain import announce, bring_to_front, frame, label
from vesper_desktop.wording import section_title

if TYPE_CHECKING:
    from vesper.base.settings_file import SettingInfo


class SettingRow(QWidget):
    """One setting: title and help, its control, and what was wrong with the last value.

    `unsaved` are the values the user has set and the core has not taken yet.
    """

    def __init__(self, theme: Theme, field: FormField) -> None:
        super().__init__()
        self.field = field
        self.unsaved: list[object] = []
        self.is_saving = False
        self.control: FieldControl = make_control(theme, field)
        title = QCoreApplication.translate("Settings", field.title)
        explanation = QCoreApplication.translate("Settings", field.help)
        if field.needs_restart:
            explanation += " " + self.tr("Works after a restart.")
        self.control.name(title, explanation)
        self._error = label(role="error", wraps=True)
        self._error.hide()
        self._lay_out(label(title), label(explanation, "secondary", wraps=True))

    def show_value(self, value: Any) -> None:
        """Show the value in force."""
        self.control.show_value(value)

    def show_error(self, sentence: str) -> None:
        """Say why a value was not taken; "" takes it back."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        announce(self, sentence)

    def _lay_out(self, title: QWidget, explanation: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(title)
        words.addWidget(explanation)
        words.addWidget(self._error)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(GAP, GAP_M, GAP, GAP_M)
        line.setSpacing(GAP_L)
        line.addLayout(words, 1)
        line.addWidget(self.control.widget, 0, Qt.AlignmentFlag.AlignVCenter)


class SettingsWindow(QWidget):
    """All settings in one scrolling page."""

    def __init__(self, bridge: Bridge, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._rows: dict[str, SettingRow] = {}
        self.setObjectName("window")
        self.setWindowTitle(self.tr("Vesper settings"))
        self.resize(640, 720)
        self.setMinimumSize(460, 400)
        self._waiting = label(self.tr("The settings come in a moment."), "secondary", is_centred=True)
        self._page = QWidget(objectName="page")
        self._wakes = label(role="secondary", wraps=True)
        self._wakes.setParent(self._page)  # until its section is made
        self._wakes.setContentsMargins(GAP_XS, 0, 0, 0)
        self._wakes.hide()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(GAP_L, GAP_S, GAP_L, GAP_L)
        self._column.setSpacing(GAP_S)
        self._column.addWidget(self._waiting)
        scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the control that has the focus
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_S, 0, 0)
        column.addWidget(scroll)
        # Dressed section by section: so many widgets at once would hold up the window. Behind them is plain ground.
        for part in (self._waiting, scroll.verticalScrollBar()):
            theme.dress(part)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self.close)

    def open_fresh(self) -> None:
        """Show the window with the values in force."""
        bring_to_front(self)
        self._bridge.run(self._load(), "settings")

    def take(self, event: Event) -> None:
        """Follow a setting that was changed anywhere, and how often Vesper is woken for nothing."""
        if isinstance(event, UnwantedWakes) and self._rows:
            self._bridge.run(self._load_wakes(), "unwanted wakes")
        if isinstance(event, SettingChanged) and event.setting in self._rows:
            row = self._rows[event.setting]
            if not row.is_saving:  # else it shows what the user has just set
                row.show_value(event.value)

    def show_infos(self, infos: Iterable[SettingInfo]) -> None:
        """Make the rows where there are none yet, and show these values."""
        infos = tuple(infos)
        for _ in self._made_sections(infos):
            pass
        for info in infos:
            if info.name in self._rows:
                self._rows[info.name].show_value(info.value)

    def _made_sections(self, infos: tuple[SettingInfo, ...]) -> Iterator[None]:
        """Make the page, once; pauses after each section, so that a window need not stand still for all of it."""
        if not self._rows:
            self._waiting.hide()
            for section in form(infos):
                self._add_section(section)
                yield
            self._column.addStretch(1)

    def offer(self, name: str, names: Iterable[str]) -> None:
        """What can be chosen for the setting `name`."""
        if name in self._rows:
            self._rows[name].control.offer(tuple(names))

    def offer_devices(self, devices: Iterable[Any], voices: Iterable[Any]) -> None:
        """Sound devices and voices by name, each beside the system's own choice."""
        devices = tuple(devices)
        for name, kind in (("audio.input_device", "input"), ("audio.output_device", "output")):
            self.offer(name, ("", *(str(device["name"]) for device in devices if device.get("kind") == kind)))
        self.offer("voice.voice", ("", *(str(voice["name"]) for voice in voices)))

    def show_wakes(self, told: UnwantedWakes) -> None:
        """How often Vesper was woken without a command, with advice where it grows."""
        self._wakes.setText(f"{told.sentence} {told.hint}".strip())
        self._wakes.show()

    async def _load_wakes(self) -> None:
        """Asked for, because what comes unasked has its advice only once an hour."""
        self.show_wakes(await self._bridge.ask(AssistantPort.unwanted_wakes))

    async def _load(self) -> None:
        infos = tuple(await self._bridge.ask(AssistantPort.setting_infos))
        for _ in self._made_sections(infos):
            await self._bridge.pause()
        self.show_infos(infos)
        await self._load_wakes()
        for name, names in (await self._bridge.ask(AssistantPort.choices)).items():
            self.offer(name, names)
        self.offer_devices(await self._bridge.ask(AssistantPort.devices), await self._bridge.ask(AssistantPort.voices))

    def _add_section(self, section: FormSection) -> None:
        heading = label(section_title(section.name), "title")
        heading.setContentsMargins(GAP_XS, GAP_M, 0, 0)
        card = frame("card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for place, field in enumerate(section.fields):
            if place:
                rows.addWidget(frame("divider"))
            row = SettingRow(self._theme, field)
            row.control.changed.connect(self._changed)
            self._rows[field.name] = row
            rows.addWidget(row)
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        column.addWidget(heading)
        column.addWidget(card)
        if section.name == "wake":
            column.addWidget(self._wakes)
        self._theme.dress(part)
        self._column.addWidget(part)

    def _changed(self, name: str, value: object) -> None:
        row = self._rows[name]
        row.unsaved.append(value)
        if not row.is_saving:
            row.is_saving = True
            self._bridge.run(self._save(row), "set setting")

    async def _save(self, row: SettingRow) -> None:
        """One value after the other; of those that were set meanwhile the newest counts."""
        try:
            while row.unsaved:
                value = row.unsaved.pop()
                row.unsaved.clear()
                in_force = await self._saved(row, value)
                if not row.unsaved:
                    row.show_value(in_force)
        finally:
            row.is_saving = False

    async def _saved(self, row: SettingRow, value: object) -> Any:
        """Save a value, or say why not; returns the one that is in force then."""
        try:
            understood = await self._bridge.ask(AssistantPort.set_setting, row.field.name, value)
        except VesperError as error:
            row.show_error(f"{error.sentence} {error.hint}".strip())
            infos = await self._bridge.ask(AssistantPort.setting_infos)
            return next(info.value for info in infos if info.name == row.field.name)
        row.show_error("")
        return value if understood is None else understood
