"""Whatever happens to microphones, hearing comes back within two seconds, without a click and without growth.

Vesper's list names one microphone, "Desk"; two more are there, one of them the system's choice. Faults of five kinds
come in a random order while Vesper rests, hears or speaks: a few every day, fifty of each with --long, which prints the
figures. What counts is the first sound that is heard again (`device.back`), and now and then a wake phrase.
"""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.microphones import VirtualMicrophone, microphone
from tests.support.rig import Rig
from tests.support.running import RunningVesper, listening
from tests.support.speech import Samples, speak, wake_and_speak

WITHIN_S = 2.0
BACK_S = 12.0  # how long is waited before a fault counts as never mended
WARM_UP = 25
MOST_GROWTH_MB = 8.0


class Faults:
    """Makes faults and measures how long hearing was away after each (`took[kind]`, in seconds)."""

    def __init__(self, vesper: RunningVesper, desk: VirtualMicrophone, others: list[VirtualMicrophone]) -> None:
        self._vesper = vesper
        self._desk = desk
        self._others = others
        self.took: dict[str, list[float]] = defaultdict(list)

    def make(self, kind: str, chance: random.Random) -> None:
        """One fault, and everything as before behind it."""
        getattr(self, f"_{kind}")(chance)

    def check_hearing(self, desk_alone: Samples) -> None:
        """The wake phrase is heard through the chosen microphone."""
        self._forget()
        said = self._desk.hear(desk_alone)
        self._vesper.until("wake.heard", within=10)
        said.wait(20)

    def _removed(self, chance: random.Random) -> None:
        self._measure("removed", self._desk.unplug, heard_through=self._default.title)
        time.sleep(chance.uniform(0.0, 0.5))
        self._plug_again()

    def _replaced(self, chance: random.Random) -> None:
        self._forget()
        self._desk.unplug()
        time.sleep(chance.choice([0.0, chance.uniform(0.0, 0.6)]))
        self._measure("replaced", self._desk.plug, heard_through=self._desk.title, forgets=False)

    def _silenced(self, chance: random.Random) -> None:
        if chance.random() < 0.5:  # switched off in the system: a wish, so nothing else is opened
            self._forget()
            self._desk.mute(True)
            lost = self._vesper.until("device.lost", within=BACK_S)
            assert lost["device"] == self._desk.title
            self._measure("silenced", lambda: self._desk.mute(False), heard_through=self._desk.title)
            return
        self._forget()
        self._desk.go_dead(True)
        self._vesper.until("device.lost", within=BACK_S)
        self._measure("silenced", lambda: None, heard_through=self._default.title, forgets=False)
        self._desk.go_dead(False)
        self._desk.unplug()
        self._plug_again()

    def _starved(self, chance: random.Random) -> None:
        del chance
        self._measure("starved", lambda: self._desk.starve(True), heard_through=self._default.title)
        self._desk.unplug()
        self._plug_again()

    def _default_changed(self, chance: random.Random) -> None:
        self._measure_away()
        self._others.reverse()
        self._measure("default_changed", self._default.become_default, heard_through=self._default.title)
        time.sleep(chance.uniform(0.0, 0.3))
        self._plug_again()

    @property
    def _default(self) -> VirtualMicrophone:
        return self._others[0]

    def _measure_away(self) -> None:
        self._forget()
        self._desk.unplug()
        self._back(self._default.title)

    def _plug_again(self) -> None:
        self._forget()
        self._desk.plug()
        self._back(self._desk.title)

    def _measure(self, kind: str, cause: object, *, heard_through: str, forgets: bool = True) -> None:
        if forgets:
            self._forget()
        begun = time.monotonic()
        cause()  # type: ignore[operator]
        self._back(heard_through)
        self.took[kind].append(time.monotonic() - begun)

    def _back(self, title: str) -> None:
        self._vesper.until("device.back", within=BACK_S, where=lambda event: event["device"] == title)

    def _forget(self) -> None:
        """What has happened until now was not caused by what comes."""
        self._vesper.pass_by(0.0)


@pytest.fixture
def desk(rig: Rig) -> Iterator[VirtualMicrophone]:
    with microphone(rig, "desk", "Desk") as made:
        yield made


@pytest.fixture
def others(rig: Rig) -> Iterator[list[VirtualMicrophone]]:
    with microphone(rig, "laptop", "Laptop") as laptop, microphone(rig, "hall", "Hall") as hall:
        laptop.become_default()
        yield [laptop, hall]
        rig.call("pactl", "set-default-source", "mic")


def choose(home: Path, *names: str) -> None:
    """The user's list of microphones, best first."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(f"[audio]\ninput_device = {json.dumps(names)}\n")


@pytest.mark.timeout(3600)
def test_hearing_is_back_within_two_seconds_of_every_fault(
    rig: Rig, vesper_home: Path, desk: VirtualMicrophone, others: list[VirtualMicrophone], *, is_long: bool
) -> None:
    chance = random.Random(20)
    kinds = ["removed", "replaced", "silenced", "starved", "default_changed"] * (50 if is_long else 1)
    chance.shuffle(kinds)
    wake, question = speak("okay nabu"), wake_and_speak("what time is it")
    choose(vesper_home, "Desk")
    memory: list[float] = []
    with listening(vesper_home, rig.env) as vesper:
        faults = Faults(vesper, desk, others)
        faults.check_hearing(wake)
        for number, kind in enumerate(kinds):
            into_state(vesper, desk, chance, wake=wake, question=question)
            faults.make(kind, chance)
            if number % 25 == 24 or not is_long:
                faults.check_hearing(wake)
            memory.append(psutil.Process(vesper.process.pid).memory_full_info().uss / 1e6)
        assert vesper.process.poll() is None
        assert "Traceback" not in vesper.stderr
    report(faults.took, memory)
    slow = {kind: [round(s, 2) for s in took if s > WITHIN_S] for kind, took in faults.took.items()}
    assert not any(slow.values()), slow
    if is_long:
        assert memory[-1] - memory[WARM_UP] < MOST_GROWTH_MB, (memory[WARM_UP], memory[-1])


@pytest.mark.long
def test_after_a_standstill_as_long_as_a_sleep_hearing_is_back_within_two_seconds(
    rig: Rig, vesper_home: Path, desk: VirtualMicrophone
) -> None:
    choose(vesper_home, "Desk")
    with listening(vesper_home, rig.env) as vesper:
        time.sleep(2.0)
        vesper.process.send_signal(signal.SIGSTOP)
        time.sleep(12.0)
        vesper.process.send_signal(signal.SIGCONT)
        woken = time.monotonic()
        vesper.until("device.back", within=BACK_S)
        assert time.monotonic() - woken < WITHIN_S
        said = desk.hear(speak("okay nabu"))
        vesper.until("wake.heard", within=10)
        said.wait(20)


def into_state(
    vesper: RunningVesper, desk: VirtualMicrophone, chance: random.Random, *, wake: Samples, question: Samples
) -> None:
    """Rest, or be in the middle of hearing or of speaking; for a random while."""
    state = chance.choices(["resting", "hearing", "speaking"], [6, 2, 2])[0]
    if state != "resting":
        vesper.pass_by(0.0)
        desk.hear(wake if state == "hearing" else question).wait(20)
        wanted = "wake.heard" if state == "hearing" else "speaking.started"
        deadline = time.monotonic() + 6.0
        while time.monotonic() < deadline and not any(e["event"] == wanted for e in vesper.pass_by(0.1)):
            pass
    time.sleep(chance.uniform(0.0, 0.8))


def report(took: dict[str, list[float]], memory: list[float]) -> None:
    """The figures, for docs/figures.md."""
    for kind, seconds in sorted(took.items()):
        ordered = sorted(seconds)
        middle = ordered[len(ordered) // 2]
        sys.stderr.write(f"{kind}: {len(ordered)} faults, median {middle:.2f} s, longest {ordered[-1]:.2f} s\n")
    sys.stderr.write(f"main process (USS): {memory[min(WARM_UP, len(memory) - 1)]:.1f} to {memory[-1]:.1f} MB\n")
