"""`bench voice`: how soon Vesper answers and what it costs to listen, on a Vesper of its own in real time.

A recording is its microphone: some turns, then faint noise. Where every sentence ends in it is known, so the delay is
counted from the true end of speech. With `uses_devices` the noise at the end is not in the recording: a second Vesper
hears the machine's own microphone, so that the sound system's cost is in the figure.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vesper.audio.wav import write_wav
from vesper.base.clock import Clock, SystemClock
from vesper.evaluation.made_speech import MadeUtterance, faint_noise, spoken, utterance
from vesper.evaluation.manifests import Progress
from vesper.evaluation.percentiles import percentiles
from vesper.evaluation.scratch import scratch_folder
from vesper.evaluation.spoken_plan import SpokenQuestion, Trial, read_sentences, trials
from vesper.evaluation.vesper_process import Family, Memory, running_vesper
from vesper.ports.audio import SAMPLE_RATE, Samples

PHRASE = "okay nabu"
BEFORE_S = 8.0
"""Noise before the first turn: the recogniser is being opened meanwhile."""
TURN_S = 9.0
"""From one turn to the next: long enough for its answer."""
SETTLE_S = 3.0

_ARMED_TIMEOUT_S = 60.0
# Answers that go on for longer than a turn's share of the recording, or that say nothing.
_UNFIT = frozenset({"help", "cancel", "repeat", "volume"})


@dataclass(frozen=True, slots=True)
class VoiceBench:
    """How many turns, how many seconds of silence behind them, and whether those come from the real microphone."""

    turns: int = 12
    idle_s: float = 60.0
    uses_devices: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """One answered turn in milliseconds: end of speech and endpoint decision to the first sample, and its steps."""

    voice_to_voice_ms: float
    answer_ms: float
    steps_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Idle:
    cpu_share: float
    memory: Memory


async def run(bench: VoiceBench, *, progress: Progress = lambda _done, _all: None) -> dict[str, Any]:
    """Measure; the answer is the JSON object of `bench voice`. Raises Missing without espeak-ng, EngineFailed."""
    clock = SystemClock()
    async with scratch_folder("vesper-bench-") as folder:
        home = folder / "home"
        recording = await asyncio.to_thread(_record, bench, folder / "turns.wav")
        words = ("listen", "--json", "--wav", str(recording.path))
        async with running_vesper(home, words) as vesper:
            armed_at = float((await vesper.event("listening.armed", _ARMED_TIMEOUT_S))["at"])
            hearing_cpu_s = await _hear_turns(bench, vesper.family, clock, progress=progress)
            idle = None if bench.uses_devices else await _idle(bench, vesper.family, clock)
            events = list(vesper.events)
        if idle is None:
            async with running_vesper(home, ("listen", "--json")) as vesper:
                await vesper.event("listening.armed", _ARMED_TIMEOUT_S)
                await clock.sleep(BEFORE_S)
                idle = await _idle(bench, vesper.family, clock)
    ends = [armed_at + end_s for end_s in recording.ends_s]
    return _report(turn_times(events, ends), idle, hearing_cpu_s / (bench.turns * TURN_S))


@dataclass(frozen=True, slots=True)
class _Recording:
    path: Path
    ends_s: tuple[float, ...]


def _record(bench: VoiceBench, path: Path) -> _Recording:
    """Write the recording; `ends_s` is where each sentence ends in it."""
    made = [_made(trial) for trial in _trials(bench)]
    pieces: list[Samples] = [faint_noise(round(BEFORE_S * SAMPLE_RATE), 1)]
    ends: list[float] = []
    for number, one in enumerate(made, 2):
        ends.append((sum(map(len, pieces)) + one.speech_end) / SAMPLE_RATE)
        rest = round(TURN_S * SAMPLE_RATE) - len(one.samples)
        pieces += [one.samples, faint_noise(max(0, rest), number)]
    idle_s = 0.0 if bench.uses_devices else bench.idle_s + 3 * SETTLE_S
    write_wav(path, np.concatenate([*pieces, faint_noise(round(idle_s * SAMPLE_RATE))]), SAMPLE_RATE)
    return _Recording(path, tuple(ends))


def _trials(bench: VoiceBench) -> list[Trial]:
    sentences = [sentence for sentence in read_sentences(None) if sentence.group not in _UNFIT]
    return trials(SpokenQuestion(gaps_ms=(150,), count=bench.turns, seed=bench.seed), sentences)


def _made(trial: Trial) -> MadeUtterance:
    parts = [spoken(PHRASE, trial.voice), spoken(trial.sentence.text, trial.voice)]
    return utterance(parts, trial.gap_ms / 1000, snr_db=None, seed=trial.number)


async def _hear_turns(bench: VoiceBench, family: Family, clock: Clock, *, progress: Progress) -> float:
    """Wait through the turns; the CPU seconds that they took."""
    await clock.sleep(BEFORE_S)
    before_s = await asyncio.to_thread(family.cpu_s)
    for number in range(bench.turns):
        await clock.sleep(TURN_S)
        progress(number + 1, bench.turns)
    return await asyncio.to_thread(family.cpu_s) - before_s


async def _idle(bench: VoiceBench, family: Family, clock: Clock) -> _Idle:
    await clock.sleep(SETTLE_S)
    before_s, since = await asyncio.to_thread(family.cpu_s), clock.monotonic()
    await clock.sleep(bench.idle_s)
    share = (await asyncio.to_thread(family.cpu_s) - before_s) / (clock.monotonic() - since)
    return _Idle(share, await asyncio.to_thread(family.memory))


def turn_times(events: Sequence[dict[str, Any]], ends: Sequence[float]) -> list[TurnTimes]:
    """The times of every turn that was answered aloud; `ends` is when each sentence ended, on the events' clock."""
    turns: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for event in events:
        if event.get("turn"):
            turns[event["turn"]].setdefault(event["event"], event)
    found: list[TurnTimes] = []
    for turn in turns.values():
        if not {"speech.ended", "speaking.started", "turn.finished"} <= turn.keys():
            continue
        first, decided = turn["speaking.started"]["first_sample_at"], turn["speech.ended"]["at"]
        end = max((end for end in ends if end < decided), default=None)
        if end is not None and decided - end < TURN_S:
            found.append(TurnTimes(1000 * (first - end), 1000 * (first - decided), turn["turn.finished"]["ms"]))
    return found


def _report(turns: Sequence[TurnTimes], idle: _Idle, listening_rtf: float) -> dict[str, Any]:
    steps: dict[str, list[float]] = defaultdict(list)
    for turn in turns:
        for step, ms in turn.steps_ms.items():
            steps[step].append(ms)
    return {
        "turns": len(turns),
        "voice_to_voice_ms": percentiles([turn.voice_to_voice_ms for turn in turns]),
        "answer_ms": percentiles([turn.answer_ms for turn in turns]),
        "steps_ms": {step: percentiles(values) for step, values in steps.items()},
        "idle_cpu_share": round(idle.cpu_share, 4),
        "idle_rss_mb": round(idle.memory.all_mb, 1),
        "main_rss_mb": round(idle.memory.main_mb, 1),
        "listening_rtf": round(listening_rtf, 4),
    }
