"""The settings page and the first-run check, over a scripted assistant."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox, QWidget

from tests.desktop.stage import Stage, named, on_stage, until
from vesper.base import events
from vesper_desktop.widgets.buttons import Switch
from vesper_desktop.windows.settings import SettingRow

UNWANTED = events.UnwantedWakes(
    last_hour=7, usual=1.0, sentence="Woken 7 times for nothing.", hint="Choose another wake phrase."
)


async def opened(stage: Stage) -> dict[str, SettingRow]:
    """The rows of the page, once the values have come."""
    stage.desktop.show_settings()
    page = stage.desktop.settings

    def rows() -> dict[str, SettingRow]:
        return {row.field.name: row for row in page.findChildren(SettingRow)}

    await until(lambda: "window.theme" in rows())  # the page is made section by section, this one last
    return rows()


@on_stage
async def test_every_setting_of_the_user_has_a_row_with_a_named_control(stage: Stage) -> None:
    rows = await opened(stage)
    wanted = {info.name for info in stage.assistant.setting_infos()}
    remembered = {"general.first_run_done", "general.login_start_offered", "window.tray_notice_shown"}
    assert set(rows) == wanted - remembered
    assert all(row.control.widget.accessibleName() for row in rows.values())


@on_stage
async def test_a_switch_is_saved_at_once(stage: Stage) -> None:
    rows = await opened(stage)
    rows["privacy.history"].findChild(Switch).click()
    await until(lambda: stage.assistant.settings.current.privacy.history)


@on_stage
async def test_a_choice_changes_the_theme_while_the_window_is_open(stage: Stage) -> None:
    rows = await opened(stage)
    box = rows["window.theme"].findChild(QComboBox)
    box.setCurrentIndex(box.findData("dawn"))
    box.activated.emit(box.currentIndex())
    await until(lambda: stage.desktop.theme.palette.name == "dawn")


@on_stage
async def test_a_refused_value_is_told_and_the_row_shows_the_one_in_force(stage: Stage) -> None:
    rows = await opened(stage)
    row = rows["voice.rate"]
    row.control.changed.emit("voice.rate", 9_999)
    await until(lambda: [w for w in row.findChildren(QLabel) if w.property("role") == "error" and w.isVisible()])
    assert row.findChild(QSpinBox).value() == 170


@on_stage
async def test_a_setting_changed_elsewhere_is_followed(stage: Stage) -> None:
    rows = await opened(stage)
    stage.bridge.tell(events.SettingChanged(setting="voice.rate", value=220))
    assert rows["voice.rate"].findChild(QSpinBox).value() == 220


@on_stage
async def test_how_often_vesper_is_woken_for_nothing_stands_under_the_wake_phrase(stage: Stage) -> None:
    await opened(stage)
    page = stage.desktop.settings

    def told() -> list[str]:
        return [label.text() for label in page.findChildren(QLabel) if "for nothing" in label.text()]

    await until(lambda: told() == ["1 wake for nothing."])
    stage.assistant.wakes = UNWANTED
    stage.bridge.tell(replace(UNWANTED, hint=""))
    await until(lambda: told() == ["Woken 7 times for nothing. Choose another wake phrase."])


@on_stage
async def test_microphones_and_voices_of_the_machine_can_be_chosen(stage: Stage) -> None:
    rows = await opened(stage)
    box = rows["audio.input_device"].findChild(QComboBox)
    await until(lambda: box.count() == 2)
    assert [box.itemText(index) for index in range(2)] == ["Automatic", "Desk microphone"]


@on_stage
async def test_a_chosen_microphone_goes_before_those_chosen_earlier(stage: Stage) -> None:
    rows = await opened(stage)
    row = rows["audio.input_device"]
    box = row.findChild(QComboBox)
    await until(lambda: box.count() == 2)
    stage.bridge.tell(events.SettingChanged(setting="audio.input_device", value=("Headset", "Laptop")))
    shown = [box.itemText(index) for index in range(box.count())]
    assert shown == ["Automatic", "1. Headset (not there)", "2. Laptop (not there)", "Desk microphone"]
    assert box.currentData() == "Headset"
    box.activated.emit(3)
    await until(lambda: stage.assistant.settings.current.audio.input_device == ("Desk microphone", "Headset", "Laptop"))


@on_stage
async def test_several_wake_phrases_can_be_chosen_of_those_that_are_heard(stage: Stage) -> None:
    rows = await opened(stage)
    row = rows["wake.phrases"]
    await until(lambda: sum(box.isVisible() for box in row.findChildren(QCheckBox)) == 3)
    named(row, "“hey jarvis”").click()
    await until(lambda: stage.assistant.settings.current.wake.phrases == ("okay nabu", "hey jarvis"))
    named(row, "“okay nabu”").click()
    await until(lambda: stage.assistant.settings.current.wake.phrases == ("hey jarvis",))
    assert not named(row, "“hey jarvis”").isEnabled(), "Vesper needs one phrase to wake to"
    await until(lambda: not row.is_saving)
    stage.bridge.tell(events.SettingChanged(setting="wake.phrases", value=("hey mycroft", "hey vesper")))
    assert chosen(row) == ["“hey mycroft”", "“hey vesper”"], "one of the file that nothing hears is shown too"


@on_stage
async def test_quick_clicks_are_saved_in_their_order(stage: Stage) -> None:
    rows = await opened(stage)
    switch = rows["privacy.history"].findChild(Switch)
    for _ in range(7):
        switch.click()
    await until(lambda: not rows["privacy.history"].is_saving)
    assert switch.isChecked()
    assert stage.assistant.settings.current.privacy.history


def chosen(row: SettingRow) -> list[str]:
    return [box.text() for box in row.findChildren(QCheckBox) if box.isChecked()]


@on_stage
async def test_the_language_is_one_of_those_that_are_installed(stage: Stage) -> None:
    rows = await opened(stage)
    box = rows["general.language"].findChild(QComboBox)
    await until(lambda: box.count() == 2)
    assert [box.itemText(index) for index in range(2)] == ["German", "English"]
    assert box.currentData() == "en"


@on_stage
async def test_a_device_that_is_gone_stays_chosen_and_is_called_so(stage: Stage) -> None:
    rows = await opened(stage)
    box = rows["audio.output_device"].findChild(QComboBox)
    await until(lambda: box.count() == 2)
    stage.bridge.tell(events.SettingChanged(setting="audio.output_device", value="Headphones"))
    assert box.currentText() == "Headphones (not there)"
    assert [box.itemText(index) for index in range(2)] == ["Automatic", "Loudspeaker"]


@on_stage
async def test_escape_closes_the_settings_and_stops_nothing(stage: Stage) -> None:
    await opened(stage)
    QTest.keyClick(stage.desktop.settings, Qt.Key.Key_Escape)
    await until(lambda: not stage.desktop.settings.isVisible())
    assert not stage.was_asked("stop")


def step_title(window: QWidget) -> str:
    return next(w.text() for w in window.findChildren(QLabel) if w.property("role") == "screen")


def found(window: QWidget) -> str:
    return next(w.text() for w in window.findChildren(QLabel) if w.property("role") == "good")


@partial(on_stage, first_run=True)
async def test_the_first_check_tells_what_really_worked(stage: Stage) -> None:
    check = stage.desktop.welcome
    assert check.isVisible()
    assert not stage.main.isVisible()
    for _ in range(3):
        stage.bridge.tell(events.LevelChanged(dbfs=-25))
    assert found(check)
    named(check, "Continue").click()
    assert not found(check)
    stage.bridge.send(type(stage.assistant).hear, "what time is it")
    await until(lambda: found(check))
    named(check, "Continue").click()
    named(check, "Say something").click()
    await until(lambda: found(check))
    named(check, "Done").click()
    assert stage.main.isVisible()
    await until(lambda: stage.was_asked("set_setting", "general.first_run_done", True))


@partial(on_stage, first_run=True)
async def test_the_first_check_can_be_skipped_and_opened_again(stage: Stage) -> None:
    named(stage.desktop.welcome, "Skip the check").click()
    assert stage.main.isVisible()
    stage.desktop.show_check()
    assert stage.desktop.welcome.isVisible()
    assert step_title(stage.desktop.welcome) == "Can Vesper hear you?"
