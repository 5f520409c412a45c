"""Whatever the last minutes hold, there is exactly one sentence, with nothing left to fill in."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from vesper.base.events import EngineRestarted, Event, Problem, SpeakingFinished, WakeHeard, WakeRejected
from vesper.base.language import Phrases, load_language
from vesper.voice.recent_trace import Happening, Microphone, PastLoudness, PastTurn, Recent
from vesper.voice.trace import Outcome, TurnRecord
from vesper.voice.why_not import explain, sentence

PACK = load_language("en")
EXAMPLES = PACK.merged("examples")

times = st.floats(0, 1200, allow_nan=False)
words = st.text(max_size=100)
share = st.floats(0, 1)
turn_ids = st.sampled_from(["a", "b"])

facts = st.fixed_dictionaries(
    {},
    optional={
        "intents": st.lists(st.sampled_from(["clock.time", "assistant.why", "kettle.boil"])),
        "nearest": st.dictionaries(st.sampled_from(["clock.time", "kettle.boil"]), share),
        "verdict": st.sampled_from(["sure", "unsure", "rejected", "empty", "new"]),
        "confidence": share,
        "needed": share,
        "end": st.sampled_from(["silence", "complete", "limit", "nothing", "stopped", "device"]),
    },
)
ms = st.dictionaries(st.sampled_from(["hear", "recognise", "understand", "act", "voice_to_voice"]), st.floats(0, 1e5))
outcomes = st.sampled_from([*(outcome.value for outcome in Outcome), "", "of tomorrow"])
openings = st.sampled_from(["wake", "talk", "hold", "follow_up", "typed"])


@st.composite
def records(draw: st.DrawFn) -> TurnRecord:
    record = TurnRecord(draw(turn_ids), draw(openings), "", draw(outcomes), draw(ms), draw(facts))
    record.said, record.answered, record.guess = draw(words), draw(words), draw(words)
    return record


def events() -> st.SearchStrategy[Event]:
    code = st.sampled_from(["stt.hung", "microphone.missing", "speaker.lost", "vesper.bug", "tts.missing"])
    maybe_turn = st.none() | turn_ids
    return st.one_of(
        st.builds(WakeRejected, at=times, phrase=words, score=share, why=words, threshold=share),
        st.builds(WakeHeard, at=times, phrase=words, score=share, ended_at=times),
        st.builds(EngineRestarted, at=times, engine=words, why=words),
        st.builds(Problem, at=times, turn=maybe_turn, code=code, sentence=words, hint=words),
        st.builds(SpeakingFinished, at=times, turn=maybe_turn, heard=words, interrupted_by=st.none() | words),
    )


loudness = st.builds(PastLoudness, times, st.just(5.0), st.floats(-120, 0), st.floats(-120, 0))
happenings: st.SearchStrategy[Happening] = st.one_of(events(), st.builds(PastTurn, times, records()), loudness)
microphones = st.builds(
    Microphone,
    st.sampled_from(["starting", "open", "muted", "lost", "failed"]),
    times,
    st.lists(words, max_size=2).map(tuple),
    st.none() | st.builds(Problem, code=words, sentence=words, hint=words),
    st.sampled_from(["", "starting", "open", "muted", "lost", "failed"]),
)
pasts = st.builds(
    Recent,
    times,
    st.lists(happenings, max_size=12).map(tuple),
    microphones,
    st.none() | times,
    st.none() | times,
    st.booleans(),
    st.booleans(),
)


@given(pasts)
@example(Recent(0.0))
def test_any_past_is_told_in_one_sentence(recent: Recent) -> None:
    phrases = Phrases(PACK, "why_not")
    found = explain(recent)
    assert explain(recent) == found, "the same past gives the same reason"
    values: dict[str, Any] = dict(found.values)
    said = sentence(found, phrases, EXAMPLES)
    assert said
    assert not any(f"{{{name}" in said for name in values)
