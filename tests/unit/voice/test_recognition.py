"""The two recognisers of a turn, and the second pass that is begun in the silence."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import numpy as np
import pytest

from vesper.base.errors import EngineFailed
from vesper.base.tasks import TaskOwner, told_by_awaiting
from vesper.ports.audio import Samples
from vesper.ports.stt import Grammar, GrammarReport, Transcript, WordGraph
from vesper.voice.cleaning import Sound
from vesper.voice.recognition import Recognition, SecondPass

GRAMMAR = Grammar("key", "en", WordGraph(1, (), {0: 0.0}))


class Counting:
    """A recogniser that says how many samples it was given; it fails for none."""

    def __init__(self) -> None:
        self.passes: list[int] = []
        self.grammars: list[str] = []

    async def load(self, grammar: Grammar) -> GrammarReport:
        self.grammars.append(grammar.key)
        return GrammarReport(words=0)

    async def start(self) -> str:
        return "a stream"

    async def recognise(self, samples: Samples) -> Transcript:
        self.passes.append(len(samples))
        if not len(samples):
            raise EngineFailed("engine.died", "The engine died.")
        return Transcript(f"{len(samples)} samples")


def sound(samples: int, snr_db: float = 30.0, *, noise: int = 0) -> Sound:
    """Sound of so many samples; `noise` more with the noise in it, so that the two can be told apart."""
    return Sound(np.zeros(samples + noise, np.float32), np.zeros(samples, np.float32), snr_db)


def both() -> tuple[Recognition, Counting, Counting]:
    live, final = Counting(), Counting()
    return Recognition(cast(Any, live), cast(Any, final), "en"), live, final


class Opinionated(Counting):
    """A gatekeeper that says what it was told to; None: it fails."""

    def __init__(self, opinion: str | None) -> None:
        super().__init__()
        self.opinion = opinion

    async def recognise(self, samples: Samples) -> Any:
        self.passes.append(len(samples))
        if self.opinion is None:
            raise EngineFailed("engine.died", "The engine died.")
        return (Transcript(self.opinion),)


async def heard(opinion: str | None, *, is_loaded: bool = True, live: str = "10 samples") -> Transcript:
    gatekeeper = cast(Any, Opinionated(opinion))
    recognition = Recognition(cast(Any, Counting()), cast(Any, Counting()), "en", gatekeeper=gatekeeper)
    if is_loaded:
        await recognition.load(GRAMMAR)
    return (await recognition.recognise(sound(10))).judged([live])


async def test_what_the_others_did_not_hear_is_rejected() -> None:
    assert (await heard("10 samples")).text == "10 samples"
    rejected = await heard("something else altogether")
    assert (rejected.text, rejected.verdict) == ("", "rejected")


async def test_what_was_heard_live_counts_as_well() -> None:
    assert (await heard("10 pence", live="10 samples")).verdict == "sure"
    assert (await heard("10 pence", live="")).verdict == "unsure"


async def test_a_gatekeeper_that_fails_or_is_not_ready_stands_in_nobodys_way() -> None:
    assert (await heard(None)).text == "10 samples"
    assert (await heard("something else altogether", is_loaded=False)).text == "10 samples"


class Loading(Opinionated):
    """A gatekeeper whose second load does not end."""

    async def load(self, grammar: Grammar) -> GrammarReport:
        if self.grammars:
            await asyncio.Event().wait()
        return await super().load(grammar)


async def test_a_gatekeeper_that_loads_other_sentences_is_not_asked_meanwhile() -> None:
    gatekeeper = cast(Any, Loading("something else altogether"))
    recognition = Recognition(cast(Any, Counting()), cast(Any, Counting()), "en", gatekeeper=gatekeeper)
    await recognition.load(GRAMMAR)
    assert (await recognition.recognise(sound(10))).judged([]).verdict == "rejected"
    loading = asyncio.create_task(recognition.load(GRAMMAR))
    await asyncio.sleep(0)
    assert (await recognition.recognise(sound(10))).judged([]).text == "10 samples"
    loading.cancel()


async def test_both_recognisers_get_the_same_grammar() -> None:
    recognition, live, final = both()
    await recognition.load(GRAMMAR)
    assert live.grammars == final.grammars == ["key"]
    assert await recognition.start() == "a stream"


async def test_the_pass_begun_in_the_silence_is_the_result() -> None:
    recognition, _, final = both()
    second_pass = SecondPass(recognition, TaskOwner("test", told_by_awaiting))
    second_pass.begin(sound(10), speech_end=8)
    assert (await second_pass.result(sound(16), 8, [])).text == "10 samples"
    assert final.passes == [10]


async def test_speech_that_went_on_is_decoded_anew() -> None:
    recognition, _, _ = both()
    second_pass = SecondPass(recognition, TaskOwner("test", told_by_awaiting))
    second_pass.begin(sound(10), speech_end=8)
    assert (await second_pass.result(sound(20), 18, [])).text == "20 samples"


async def test_a_failed_pass_is_told_to_who_waits_and_an_abandoned_one_to_nobody() -> None:
    recognition, _, _ = both()
    second_pass = SecondPass(recognition, TaskOwner("test", told_by_awaiting))
    second_pass.begin(sound(0), speech_end=1)
    with pytest.raises(EngineFailed):
        await second_pass.result(sound(0), 1, [])
    second_pass.begin(sound(0), speech_end=2)
    assert (await second_pass.result(sound(5), 5, [])).text == "5 samples"


async def test_a_whole_sentence_is_known_only_when_its_pass_is_over_and_nothing_was_said_since() -> None:
    recognition, _, _ = both()
    second_pass = SecondPass(recognition, TaskOwner("test", told_by_awaiting))
    assert not second_pass.has_sentence(8, ["10 samples"])
    second_pass.begin(sound(10), speech_end=8)
    assert not second_pass.has_sentence(8, ["10 samples"])
    await second_pass.result(sound(16), 8, ["10 samples"])
    assert second_pass.has_sentence(8, ["10 samples"])
    assert not second_pass.has_sentence(12, ["10 samples"])
    second_pass.begin(sound(0), speech_end=12)
    with pytest.raises(EngineFailed):
        await second_pass.result(sound(0), 12, ["10 samples"])
    assert not second_pass.has_sentence(12, ["10 samples"])


async def test_without_an_opinion_what_was_not_understood_live_too_is_not_sure() -> None:
    sure, doubted = (await heard(None), await heard(None, live="some samples"))
    assert (sure.verdict, doubted.verdict) == ("sure", "unsure")
    assert doubted.text == "10 samples", "it must never be why a command is not heard"


async def test_a_sentence_that_is_not_sure_ends_nothing_early() -> None:
    gatekeeper = cast(Any, Opinionated("10 pence"))
    recognition = Recognition(cast(Any, Counting()), cast(Any, Counting()), "en", gatekeeper=gatekeeper)
    await recognition.load(GRAMMAR)
    second_pass = SecondPass(recognition, TaskOwner("test", told_by_awaiting))
    second_pass.begin(sound(10), speech_end=8)
    assert (await second_pass.result(sound(16), 8, ["some samples today"])).verdict == "unsure"
    assert not second_pass.has_sentence(8, ["some samples today"])
    assert second_pass.has_sentence(8, ["10 samples"])


async def test_the_command_is_heard_without_noise_and_the_opinion_with_it() -> None:
    gatekeeper, final = Opinionated("10 samples"), Counting()
    recognition = Recognition(cast(Any, Counting()), cast(Any, final), "en", gatekeeper=cast(Any, gatekeeper))
    await recognition.load(GRAMMAR)
    assert (await recognition.recognise(sound(10, noise=3))).command.text == "10 samples"
    assert (final.passes, gatekeeper.passes) == ([10], [13])


async def test_where_it_is_very_noisy_the_command_is_heard_twice() -> None:
    recognition, _, final = both()
    heard = await recognition.recognise(sound(10, snr_db=4.0, noise=3))
    assert final.passes == [10, 13]
    assert heard.unclean is not None
    assert heard.unclean.text == "13 samples"
