"""`vesper eval spoken` and `vesper bench` on the real voice loop: what they print, and that nothing stays behind."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.running import vesper
from tests.support.speech import faint_noise, write_wav
from vesper.evaluation.bench_start import StartBench
from vesper.evaluation.bench_start import run as bench_start
from vesper.evaluation.bench_voice import VoiceBench
from vesper.evaluation.bench_voice import run as bench_voice
from vesper.evaluation.vesper_process import running_vesper

FIGURES = {
    "utterances", "woken", "first_word_lost", "right", "accuracy", "wrong_acted", "asked_back", "voice_to_voice_ms",
}  # fmt: skip


def evaluated(home: Path, *words: str) -> dict[str, Any]:
    done = vesper("eval", "spoken", "--json", *words, home=home, within=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_sentences_of_a_file_are_said_and_judged(tmp_path: Path, vesper_home: Path) -> None:
    own = tmp_path / "own.jsonl"
    said = "please repeat that"  # not "what can you do", which now and then sounds like the wake phrase
    lines = [{"text": said, "intent": intent} for intent in ("repeat", "help")]
    own.write_text("\n".join(map(json.dumps, lines)))
    figures = evaluated(
        vesper_home, "--sentences", str(own), "--voices", "en-us", "--rates", "150", "--gap", "150", "--no-wake"
    )
    assert figures.keys() >= FIGURES
    assert (figures["utterances"], figures["woken"]) == (2, 2)
    assert figures["by_intent"]["repeat"]["right"] == 1
    assert (figures["by_intent"]["help"]["right"], figures["wrong_acted"]) == (0, 1)


def test_the_users_own_home_stays_as_it_is(tmp_path: Path, vesper_home: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"text": "louder", "intent": "volume.up"}\n')
    evaluated(vesper_home, "--sentences", str(own), "--voices", "en-us", "--rates", "150", "--gap", "0", "--no-wake")
    assert not (vesper_home / "settings.toml").exists()
    assert not (vesper_home / "vesper.db").exists()


def test_a_voice_that_espeak_does_not_have_is_told(vesper_home: Path) -> None:
    done = vesper("eval", "spoken", "--json", "--voices", "xx-none", home=vesper_home, within=60)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "espeak.voice"


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """Half a minute of a quiet room."""
    return write_wav(tmp_path / "noise.wav", faint_noise(30.0))


async def test_a_running_vesper_is_weighed_with_its_children_and_ended_with_them(noise: Path, tmp_path: Path) -> None:
    others = set(await asyncio.to_thread(psutil.Process().children, recursive=True))  # a rig that other tests use
    async with running_vesper(tmp_path / "home", ("listen", "--json", "--wav", str(noise))) as vesper_process:
        await vesper_process.event("listening.armed", 30)
        memory = await asyncio.to_thread(vesper_process.family.memory)
        assert 0 < memory.main_mb <= memory.all_mb
        assert await asyncio.to_thread(vesper_process.family.cpu_s) > 0
        family = set(await asyncio.to_thread(psutil.Process().children, recursive=True)) - others
        assert len(family) > 1
    assert (await asyncio.to_thread(psutil.wait_procs, family, 5))[1] == []


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_bench_voice_measures_turns_and_silence() -> None:
    figures = await bench_voice(VoiceBench(turns=2, idle_s=5.0))
    assert figures.keys() >= {
        "turns", "voice_to_voice_ms", "steps_ms", "idle_cpu_share", "idle_rss_mb", "main_rss_mb", "listening_rtf",
    }  # fmt: skip
    assert 0 < figures["main_rss_mb"] < figures["idle_rss_mb"]
    assert 0 < figures["idle_cpu_share"] < 1


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_bench_start_measures_both_starts() -> None:
    figures = await bench_start(StartBench(runs=1))
    assert 0 < figures["import_ms"] < figures["listening_ms"]
    assert figures["window_ms"] > 0
    assert figures["headless_rss_mb"] > figures["headless_main_rss_mb"] > 0
