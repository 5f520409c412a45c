"""The main window, driven by mouse and keyboard over a scripted assistant."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListView, QMenu, QSystemTrayIcon, QWidget

from tests.desktop.stage import Stage, named, on_stage, until
from vesper.base import events
from vesper.base.clock import VirtualClock
from vesper_desktop.view_state.orb import OrbState
from vesper_desktop.widgets.notice import Notice
from vesper_desktop.widgets.orb import Orb


def bubbles(stage: Stage) -> list[str]:
    model = stage.main.findChild(QListView).model()
    return [model.index(row).data() for row in range(model.rowCount())]


def orb_of(stage: Stage) -> Orb:
    return stage.main.findChild(Orb)


@on_stage
async def test_what_is_typed_is_shown_at_once_and_answered(stage: Stage) -> None:
    QTest.keyClicks(stage.child("Type to Vesper"), "what time is it")
    QTest.keyClick(stage.child("Type to Vesper"), Qt.Key.Key_Return)
    assert bubbles(stage) == ["what time is it"]
    assert orb_of(stage).state is OrbState.THINKING
    await until(lambda: len(bubbles(stage)) == 2)
    assert bubbles(stage) == ["what time is it", "It is ten past nine."]
    await until(lambda: orb_of(stage).state is OrbState.ARMED)


@on_stage
async def test_blanks_are_not_sent(stage: Stage) -> None:
    QTest.keyClicks(stage.child("Type to Vesper"), "   ")
    assert not stage.child("Send").isEnabled()
    QTest.keyClick(stage.child("Type to Vesper"), Qt.Key.Key_Return)
    assert bubbles(stage) == []


@on_stage
async def test_a_spoken_turn_is_followed_from_the_phrase_to_the_answer(stage: Stage) -> None:
    states: list[OrbState] = []
    stage.bridge.happened.connect(lambda _: states.append(orb_of(stage).state))
    stage.bridge.send(type(stage.assistant).hear, "what time is it")
    await until(lambda: any(isinstance(event, events.TurnFinished) for event in stage.seen))
    assert bubbles(stage) == ["what time is it", "It is ten past nine."]
    order = list(dict.fromkeys(states))
    assert order == [OrbState.HEARING, OrbState.THINKING, OrbState.SPEAKING, OrbState.ARMED]


@on_stage
async def test_escape_stops_from_the_line_to_type_in(stage: Stage) -> None:
    QTest.keyClick(stage.child("Type to Vesper"), Qt.Key.Key_Escape)
    await until(lambda: stage.was_asked("stop"))


@on_stage
async def test_the_mute_button_shows_the_microphone_not_the_wish(stage: Stage) -> None:
    stage.child("Turn the microphone off").click()
    await until(lambda: stage.was_asked("mute", True))
    await until(lambda: orb_of(stage).state is OrbState.MUTED)
    assert stage.desktop.actions["mute"].isChecked()
    stage.child("Turn the microphone on").click()
    await until(lambda: stage.was_asked("mute", False))
    await until(lambda: orb_of(stage).state is OrbState.ARMED)
    assert not stage.desktop.actions["mute"].isChecked()


@on_stage
async def test_a_press_on_the_orb_listens_within_a_tenth_of_a_second(stage: Stage) -> None:
    began = time.perf_counter()
    QTest.mouseClick(orb_of(stage), Qt.MouseButton.LeftButton)
    assert orb_of(stage).state is OrbState.HEARING
    assert time.perf_counter() - began < 0.1
    await until(lambda: stage.was_asked("toggle"))


@on_stage
async def test_holding_the_orb_listens_until_it_is_let_go(stage: Stage) -> None:
    orb = orb_of(stage)
    QTest.mousePress(orb, Qt.MouseButton.LeftButton, pos=orb.rect().center())
    await until(lambda: stage.was_asked("talk_start"))
    QTest.mouseRelease(orb, Qt.MouseButton.LeftButton, pos=orb.rect().center())
    await until(lambda: stage.was_asked("talk_stop"))
    assert not stage.was_asked("toggle")


@on_stage
async def test_a_problem_is_said_with_a_way_out_and_can_be_put_away(stage: Stage) -> None:
    stage.bridge.tell(events.Problem(code="microphone.busy", sentence="Another program uses it.", hint="Close it."))
    assert orb_of(stage).state is OrbState.PROBLEM
    named(stage.main, "Close this notice").click()
    assert orb_of(stage).state is OrbState.ARMED


WHY = "Why didn't you answer?"
REASON = "The microphone has been switched off for 2 minutes. Switch it on in the window."


@on_stage
async def test_one_click_asks_why_there_was_no_answer(stage: Stage) -> None:
    stage.assistant.answers[WHY] = REASON
    stage.child("Why no answer?").click()
    await until(lambda: len(bubbles(stage)) == 2)
    assert bubbles(stage) == [WHY, REASON]


@on_stage
async def test_why_is_asked_by_key_and_stands_in_the_menu(stage: Stage) -> None:
    QTest.keyClick(stage.child("Type to Vesper"), Qt.Key.Key_F2)
    await until(lambda: stage.was_asked("ask", WHY))
    [entry] = [action for menu in stage.main.findChildren(QMenu) for action in menu.actions() if "Why" in action.text()]
    entry.trigger()
    await until(lambda: stage.assistant.done.count(("ask", (WHY,))) == 2)


@on_stage
async def test_advice_on_unwanted_wakes_is_shown_once_it_comes_and_leads_to_the_settings(stage: Stage) -> None:
    told = events.UnwantedWakes(last_hour=3, usual=1.0, sentence="3 wakes without a command.")
    stage.bridge.tell(told)
    assert not shown_texts(stage, told.sentence), "a count without advice is no news"
    stage.bridge.tell(replace(told, hint="Choose another wake phrase."))
    assert shown_texts(stage, told.sentence)
    assert shown_texts(stage, "Choose another wake phrase.")
    notice = next(n for n in stage.main.findChildren(Notice) if n.isVisible())
    next(b for b in notice.findChildren(QAbstractButton) if b.text() == "Settings").click()
    await until(lambda: stage.desktop.settings is not None and stage.desktop.settings.isVisible())
    assert not notice.isVisible()


def shown_texts(stage: Stage, text: str) -> list[QLabel]:
    return [found for found in stage.main.findChildren(QLabel) if found.text() == text and found.isVisible()]


@on_stage
async def test_timers_count_down_and_are_changed_by_mouse(stage: Stage, clock: VirtualClock) -> None:
    due = clock.now() + timedelta(minutes=5)
    running = {"id": "a", "name": "Pasta", "state": "running", "due": due.isoformat(), "remaining_s": 300.0}
    stage.bridge.tell(events.TimersChanged(timers=(running,)))
    assert counts(stage) == ["5:00"]
    await clock.advance(61)
    await until(lambda: counts(stage) == ["3:59"])
    for name, action in (("Add a minute to Pasta", "add_minute"), ("Pause Pasta", "pause"), ("Cancel Pasta", "cancel")):
        await press(stage, name, action)
    stage.bridge.tell(events.TimersChanged(timers=({**running, "state": "paused", "remaining_s": 90.0},)))
    await clock.advance(30)
    assert counts(stage) == ["1:30"], "a paused timer stands still"
    await press(stage, "Resume Pasta", "resume")
    stage.bridge.tell(events.TimerRang(timer_name="Pasta", due=due.isoformat(), id="a"))
    assert counts(stage) == ["Time is up"]
    await press(stage, "Stop Pasta", "stop")


async def press(stage: Stage, name: str, action: str) -> None:
    """Press a button of a timer by mouse, and see that the core is asked for it."""
    QTest.mouseClick(stage.child(name), Qt.MouseButton.LeftButton)
    await until(lambda: stage.was_asked("timer_action", action, "a"))


@on_stage
async def test_nothing_jumps_between_listening_and_speaking(stage: Stage) -> None:
    stage.bridge.tell(events.AnswerText(turn="1", text="It is ten past nine."))
    await asyncio.sleep(0.05)
    places = []
    for event in (events.SpeechStarted(), events.SpeakingStarted(text="It is.", first_sample_at=1.0)):
        stage.bridge.tell(event)
        await asyncio.sleep(0.05)
        places.append(stage.main.findChild(QListView).y())
    assert places[0] == places[1]


def counts(stage: Stage) -> list[str]:
    return [w.text() for w in stage.main.findChildren(QWidget) if w.property("role") == "count"]


@on_stage
async def test_everything_can_be_reached_by_tab_and_has_a_name(stage: Stage) -> None:
    stage.bridge.tell(
        events.TimersChanged(timers=({"id": "a", "state": "running", "due": "2026-03-02T10:00:00+00:00"},))
    )
    stage.bridge.tell(events.Problem(code="x", sentence="Something is wrong."))
    named(stage.main, "Type to Vesper").setText("so that it can be sent")
    wanted = {
        widget
        for widget in stage.main.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit) and widget.isVisible() and widget.isEnabled()
    }
    assert [w for w in wanted if not (w.accessibleName() or getattr(w, "text", str)())] == []
    reached, widget = set(), stage.main
    for _ in range(200):
        widget = widget.nextInFocusChain()
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            reached.add(widget)
    assert wanted <= reached


@on_stage
async def test_answers_are_announced_to_screen_readers(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    announced: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: announced.append(event.message()))
    stage.bridge.tell(events.AnswerText(turn="1", text="It is ten", final=False))
    assert announced == []
    stage.bridge.tell(events.AnswerText(turn="1", text="It is ten past nine."))
    stage.bridge.tell(events.LevelChanged(dbfs=-20))
    assert announced == ["It is ten past nine."]


@on_stage
async def test_the_level_is_watched_only_while_it_can_be_seen(stage: Stage) -> None:
    stage.main.hide()
    await until(lambda: stage.was_asked("watch_level", False))
    assert not orb_of(stage).is_moving


@on_stage
async def test_nothing_loops_with_less_motion(stage: Stage) -> None:
    stage.bridge.tell(events.SpeechStarted())
    assert orb_of(stage).is_moving
    stage.desktop.theme.calm(True)
    assert not orb_of(stage).is_moving


@on_stage
async def test_two_thousand_bubbles_do_not_hold_up_the_window(stage: Stage) -> None:
    for number in range(500):
        stage.bridge.tell(events.AnswerText(turn=str(number), text=f"Answer {number} " * 8))
    await asyncio.sleep(0.05)
    began = time.process_time()
    stage.bridge.tell(events.AnswerText(turn="last", text="The last one."))
    stage.main.repaint()
    assert time.process_time() - began < 0.1


@on_stage
async def test_without_a_tray_closing_minimises(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    stage.main.close()
    assert stage.main.isVisible()
    assert stage.main.isMinimized()


@on_stage
async def test_closing_to_the_tray_is_explained_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    stage.desktop.tray.look()
    stage.main.close()
    assert stage.main.isVisible()
    named(stage.desktop.leaving, "Close to tray").click()
    assert not stage.main.isVisible()
    await until(lambda: stage.was_asked("set_setting", "window.tray_notice_shown", True))
    stage.desktop.show_main()
    stage.main.close()
    assert not stage.main.isVisible()


@on_stage
async def test_a_hidden_window_comes_back_into_the_task_bar_when_the_tray_has_gone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_there = [True]
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: is_there[0]))
    stage.desktop.tray.look()
    stage.main.hide()
    stage.desktop.tray.look_again()
    assert not stage.main.isVisible(), "the icon leads back"
    is_there[0] = False
    stage.desktop.tray.look_again()
    assert stage.main.isMinimized()
    assert stage.main.isVisible()


@on_stage
async def test_a_timer_that_outlives_the_day_offers_the_start_at_login_once(stage: Stage, clock: VirtualClock) -> None:
    tomorrow = {"id": "a", "state": "running", "due": (clock.now() + timedelta(hours=20)).isoformat()}
    stage.bridge.tell(events.TimersChanged(timers=(tomorrow,)))
    named(stage.main, "Start at login").click()
    await until(lambda: stage.at_login.on)
    stage.bridge.tell(events.TimersChanged(timers=(tomorrow,)))
    with pytest.raises(AssertionError):
        named(stage.main, "Start at login")


@on_stage
async def test_a_second_start_brings_the_window_back(stage: Stage) -> None:
    stage.main.hide()
    stage.bridge.tell(events.WindowWanted())
    assert stage.main.isVisible()


@on_stage
async def test_every_shortcut_of_the_list_is_bound_in_the_window(stage: Stage) -> None:
    stage.desktop.show_keys()
    assert stage.desktop.keys.isVisible()
    bound = {action.shortcut().toString() for action in stage.main.actions()}
    assert {"Ctrl+T", "Ctrl+M", "Esc", "Ctrl+Q", "F1"} <= bound


@on_stage
async def test_opening_and_closing_many_times_leaves_nothing_behind(stage: Stage) -> None:
    def count() -> int:
        return len(stage.main.findChildren(QWidget))

    before = count()
    for _ in range(50):
        stage.desktop.show_keys()
        stage.desktop.keys.close()
        stage.bridge.tell(events.TimersChanged(timers=({"id": "a", "due": "2026-03-02T10:00:00+00:00"},)))
        stage.bridge.tell(events.TimersChanged(timers=()))
    await asyncio.sleep(0.01)
    assert count() <= before + 30  # the one window of shortcuts stays
