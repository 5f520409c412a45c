"""The conversation as a list: a model of messages and the delegate that paints each as a bubble.

A model and a delegate, never one widget a message: thousands of bubbles scroll as lightly as ten. What the user
said stands at the end of the line, what Vesper said at its beginning, also where writing runs right to left.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from vesper_desktop.theme import GAP_S, GAP_XS, LINE_HEIGHT, Theme
from vesper_desktop.view_state.conversation import Message

RADIUS = 16
PAD_X, PAD_Y = 14, 9
MEASURE = 72
MESSAGE_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class MessageModel(QAbstractListModel):
    """The messages of a state; `show_messages` changes only the rows that differ."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._messages: tuple[Message, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 (Qt's signature)
        """How many messages there are."""
        return 0 if parent.isValid() else len(self._messages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A message, its text, or how a screen reader says it."""
        message = self._messages[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return message.text
        if role == MESSAGE_ROLE:
            return message
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = self.tr("You said: {text}") if message.who == "you" else self.tr("Vesper said: {text}")
            return said.format(text=message.text)
        return None

    def show_messages(self, messages: tuple[Message, ...]) -> None:
        """Show these instead."""
        if messages == self._messages:
            return
        same = _common_start(self._messages, messages)
        changed = min(len(self._messages), len(messages))
        if changed == len(self._messages):  # the usual case: the last one grew, or others were added
            self._messages = messages[:changed]
            if same < changed:
                self.dataChanged.emit(self.index(same), self.index(changed - 1))
            if len(messages) > changed:
                self.beginInsertRows(QModelIndex(), changed, len(messages) - 1)
                self._messages = messages
                self.endInsertRows()
            return
        self.beginResetModel()
        self._messages = messages
        self.endResetModel()


class BubbleDelegate(QStyledItemDelegate):
    """Paints bubbles; text is laid out once for each width and kept."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._layouts: dict[tuple[str, int, str], tuple[QTextLayout, QSize]] = {}
        theme.changed.connect(self._forget)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as the list, as high as the bubble and the gap behind it."""
        message: Message = index.data(MESSAGE_ROLE)
        _, size = self._laid_out(message)
        return QSize(self._view.viewport().width(), size.height() + 2 * PAD_Y + GAP_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one bubble."""
        message: Message = index.data(MESSAGE_ROLE)
        layout, size = self._laid_out(message)
        is_own = message.who == "you"
        bubble = self._place(option, size, is_own=is_own)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, bubble, option, is_own=is_own)
            painter.setPen(self._theme.palette["text" if message.is_final else "secondary"])
            layout.draw(painter, QPointF(bubble.left() + PAD_X, bubble.top() + PAD_Y))
        finally:
            painter.restore()

    def _paint_ground(self, painter: QPainter, bubble: QRectF, option: QStyleOptionViewItem, *, is_own: bool) -> None:
        palette = self._theme.palette
        is_focused = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        edge = QPen(palette["focus"], 2) if is_focused else QPen(palette["own_bubble" if is_own else "line"], 1)
        painter.setPen(edge)
        painter.setBrush(palette["own_bubble" if is_own else "surface"])
        painter.drawRoundedRect(bubble.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _place(self, option: QStyleOptionViewItem, size: QSize, *, is_own: bool) -> QRectF:
        width, height = size.width() + 2 * PAD_X, size.height() + 2 * PAD_Y
        is_right = is_own != self._is_mirrored(option)
        bar = self._view.verticalScrollBar()
        beside_bar = GAP_XS if bar.isVisible() and is_right != self._is_mirrored(option) else 0
        left = option.rect.right() - beside_bar - width if is_right else option.rect.left() + 1 + beside_bar
        return QRectF(left, option.rect.top() + GAP_S / 2, width, height)

    @staticmethod
    def _is_mirrored(option: QStyleOptionViewItem) -> bool:
        return option.direction is Qt.LayoutDirection.RightToLeft

    def _laid_out(self, message: Message) -> tuple[QTextLayout, QSize]:
        font = self._theme.font("body")
        metrics = QFontMetricsF(font)
        room = self._view.viewport().width() * 0.84 - 2 * PAD_X
        widest = int(max(80.0, min(room, metrics.averageCharWidth() * MEASURE)))
        key = (message.text, widest, font.key())
        if key not in self._layouts:
            if len(self._layouts) > 2_000:
                self._layouts.clear()
            self._layouts[key] = _lay_out(message.text, font, widest)
        return self._layouts[key]

    def _forget(self) -> None:
        self._layouts.clear()
        self._view.doItemsLayout()


def _lay_out(text: str, font: QFont, widest: int) -> tuple[QTextLayout, QSize]:
    """The text in lines of at most `widest` pixels, set at the theme's line height, and the room it takes."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    width, _ = _set_lines(layout, widest, font)
    # Once more at the width it needs: text written right to left would else stand at the far side.
    width, height = _set_lines(layout, width + 2, font)
    return layout, QSize(math.ceil(width) + 2, math.ceil(height))


def _set_lines(layout: QTextLayout, room: float, font: QFont) -> tuple[float, float]:
    """Break the text into lines of `room` pixels; returns the width it really takes, and its height."""
    step = font.pixelSize() * LINE_HEIGHT
    width, y = 0.0, 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        line.setPosition(QPointF(0, y + (step - line.height()) / 2))
        width, y = max(width, line.naturalTextWidth()), y + step
    layout.endLayout()
    return width, y


def _common_start(one: tuple[Message, ...], other: tuple[Message, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
