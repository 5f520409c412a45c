"""The timers: one card each, with its countdown and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vesper_desktop.theme import GAP_M, GAP_S, GAP_XS, Theme
from vesper_desktop.view_state.timers import TimerRow, TimersState, countdown
from vesper_desktop.widgets.buttons import IconButton, push_button
from vesper_desktop.widgets.plain import frame, label, restyle

MOST_CARDS = 3


class TimerCard(QWidget):
    """One timer. `wanted(action, id)`: cancel, pause, resume, add_minute or stop. `buttons` stand in this order."""

    wanted = Signal(str, str)

    def __init__(self, theme: Theme, row: TimerRow) -> None:
        super().__init__()
        self._row = row
        self._card = frame("card")
        self._name = label(role="secondary")
        self._count = label(role="count")
        self._more = push_button(self.tr("+1 min"))
        self._pause = IconButton(theme, "pause", role="secondary", shape="small")
        self._cancel = IconButton(theme, "close", role="secondary", shape="small")
        self._stop = push_button(self.tr("Stop"), "primary")
        self.buttons = (self._more, self._pause, self._cancel, self._stop)
        self._more.clicked.connect(self._add_minute)
        self._pause.clicked.connect(self._pause_or_resume)
        self._cancel.clicked.connect(self._cancel_it)
        self._stop.clicked.connect(self._stop_it)
        self._lay_out()

    def show_row(self, row: TimerRow, now: datetime) -> None:
        """Show this timer as it is at `now`."""
        self._row = row
        is_ringing, is_paused = row.state == "ringing", row.state == "paused"
        name = row.name[:1].upper() + row.name[1:] or self.tr("Timer")
        self._name.setText(self.tr("{name} · paused").format(name=name) if is_paused else name)
        self._count.setText(self.tr("Time is up") if is_ringing else countdown(row, now))
        self._stop.setVisible(is_ringing)
        for button in (self._pause, self._cancel):
            button.setVisible(not is_ringing)
        self._pause.draw("play" if is_paused else "pause", "secondary")
        restyle(self._card, tone="accent" if is_ringing else "")
        self._say_names(name, is_paused=is_paused)

    def _say_names(self, name: str, *, is_paused: bool) -> None:
        pause = self.tr("Resume {name}") if is_paused else self.tr("Pause {name}")
        self._pause.name(pause.format(name=name))
        self._cancel.name(self.tr("Cancel {name}").format(name=name))
        self._more.setAccessibleName(self.tr("Add a minute to {name}").format(name=name))
        self._stop.setAccessibleName(self.tr("Stop {name}").format(name=name))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._count)
        line = QHBoxLayout(self._card)
        line.setContentsMargins(GAP_M, GAP_S, GAP_S, GAP_S)
        line.setSpacing(GAP_XS)
        line.addLayout(words, 1)
        for button in self.buttons:
            line.addWidget(button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._card)

    def _add_minute(self) -> None:
        self.wanted.emit("add_minute", self._row.id)

    def _pause_or_resume(self) -> None:
        self.wanted.emit("resume" if self._row.state == "paused" else "pause", self._row.id)

    def _cancel_it(self) -> None:
        self.wanted.emit("cancel", self._row.id)

    def _stop_it(self) -> None:
        self.wanted.emit("stop", self._row.id)


class TimerStrip(QWidget):
    """The next timers as cards, and how many more there are."""

    wanted = Signal(str, str)

    def __init__(self, theme: Theme, *, stands_after: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._stands_after = stands_after
        self._cards: dict[str, TimerCard] = {}
        self._tab_order: list[str] = []
        self._more = label(role="caption", is_centred=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_S)
        self._column.addWidget(self._more)
        self.setAccessibleName(self.tr("Timers"))
        self.hide()

    def show_timers(self, state: TimersState, now: datetime) -> None:
        """Show these timers at `now`; cards of timers that stay are kept, and with them the focus."""
        rows = state.rows[:MOST_CARDS]
        shown = {row.id for row in rows}
        for gone in self._cards.keys() - shown:
            card = self._cards.pop(gone)
            self._column.removeWidget(card)
            card.deleteLater()
        for place, row in enumerate(rows):
            card = self._card(row)
            if self._column.indexOf(card) != place:
                self._column.insertWidget(place, card)
            card.show_row(row, now)
        self._order_tabs([row.id for row in rows])
        hidden = len(state.rows) - len(rows)
        self._more.setText(self.tr("and %n more", "", hidden))
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(rows))

    def _order_tabs(self, ids: list[str]) -> None:
        """Tab goes through the cards as they stand; left alone it would come to new ones last of all."""
        if ids == self._tab_order:
            return
        self._tab_order = ids
        before = self._stands_after
        for timer_id in ids:
            for button in self._cards[timer_id].buttons:
                self.setTabOrder(before, button)
                before = button

    def _card(self, row: TimerRow) -> TimerCard:
        if row.id not in self._cards:
            card = TimerCard(self._theme, row)
            card.wanted.connect(self.wanted)
            self._cards[row.id] = card
        return self._cards[row.id]
