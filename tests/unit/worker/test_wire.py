"""Messages between processes: what goes in comes out, and nothing else is ever made of them."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from vesper.base.errors import BadInput, DeviceLost, EngineFailed, Missing, VesperError
from vesper.ports.stt import Grammar, Transcript, WordGraph
from vesper.ports.tts import Pcm, SpeakingStyle
from vesper.worker import wire
from vesper.worker.messages import RemoteRef, Reply, Request, shape_of

HEADER = wire.PREFIX.size


def crossed(value: object) -> object:
    """The value as it arrives on the other side."""
    return wire.read(io.BytesIO(wire.pack(value)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        2.5,
        float("inf"),
        "",
        "grüß dich 🎉 \ud800",
        [],
        (),
        [1, [2, ["three"]]],
        (1, ("two", None)),
        ((1, "a"), (2, "b")),
        (("only",),),
        ((), ()),
        {},
        {1: 0.5, 2: -1.0},
        {"a": {"b": (1,)}},
        frozenset({"x", "y"}),
        b"\x00\xff",
        {"!": "tuple", "v": [1]},
    ],
)
def test_plain_values_arrive_as_they_were_sent(value: object) -> None:
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


def test_values_of_the_ports_arrive_as_themselves() -> None:
    graph = WordGraph(3, ((0, 1, "stop", -0.5), (1, 2, "now", 0.0)), {1: -0.1, 2: 0.0})
    grammar = Grammar("key", "en", graph, ("okay nabu",))
    for value in (grammar, SpeakingStyle(rate=200), Transcript("stop", facts={"heard": "stop"})):
        assert crossed(Request(7, "call", method="load", args=(value,))) == Request(
            7, "call", method="load", args=(value,)
        )


@pytest.mark.parametrize("dtype", ["float32", "int16", "uint8", "bool", "complex64"])
def test_arrays_keep_their_numbers_and_can_be_written_to(dtype: str) -> None:
    array = np.arange(12).reshape(3, 4).astype(dtype)
    found = crossed((array, Pcm(np.linspace(-1, 1, 5, dtype=np.float32), 22_050)))
    assert isinstance(found, tuple)
    assert np.array_equal(found[0], array)
    assert found[0].dtype == array.dtype
    assert np.allclose(found[1].samples, np.linspace(-1, 1, 5))
    found[1].samples[0] = 0.0


def test_long_rows_of_numbers_cross_exactly() -> None:
    rows = tuple((n, f"word {n % 7}", -n / 3, n if n else "odd", 2**70) for n in range(500))
    assert crossed(rows) == rows
    big = tuple((2**63 + n, float("-inf")) for n in range(500))
    assert crossed(big) == big


def test_a_value_packed_before_arrives_as_itself_among_others() -> None:
    inner = ((1, "a"), np.arange(3))
    found = crossed(["before", wire.Packed(wire.pack(inner)), b"behind"])
    assert isinstance(found, list)
    assert (found[0], found[1][0], found[2]) == ("before", (1, "a"), b"behind")
    assert np.array_equal(found[1][1], np.arange(3))


def test_an_empty_array_and_a_number_of_numpy_cross() -> None:
    empty = crossed(np.zeros((0, 3), np.float32))
    assert isinstance(empty, np.ndarray)
    assert empty.shape == (0, 3)
    assert crossed(np.float64(0.25)) == 0.25


@pytest.mark.parametrize("cls", [Missing, DeviceLost, EngineFailed, VesperError])
def test_an_error_arrives_as_the_same_class_with_all_its_words(cls: type[VesperError]) -> None:
    found = crossed(cls("a.code", "A sentence.", "A hint."))
    assert type(found) is cls
    assert found.as_dict() == {"code": "a.code", "sentence": "A sentence.", "hint": "A hint."}


def test_a_remote_object_arrives_with_the_shape_of_its_class() -> None:
    ref = RemoteRef(3, shape_of(io.BytesIO))
    assert crossed(Reply(1, "handle", ref)) == Reply(1, "handle", ref)


@pytest.mark.parametrize("value", [object(), io.BytesIO(), np.array([object()]), np.array(["text"]), int, {1, 2}])
def test_what_is_no_plain_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        wire.pack((value,))


def message(header: object) -> bytes:
    text = json.dumps(header).encode()
    return wire.PREFIX.pack(len(text), 0) + text


@pytest.mark.parametrize(
    "header",
    [
        {"!": "data", "class": "subprocess:Popen", "v": [["true"]]},
        {"!": "data", "class": "vesper.ports.stt:load", "v": []},
        {"!": "data", "class": "vesper.ports.stt:Mapping", "v": []},
        {"!": "data", "class": "vesper.ports.tts:Pcm", "v": [1, 2, 3, 4, 5]},
        {"!": "array", "dtype": "O", "shape": [1], "at": 0},
        {"!": "array", "dtype": "<f4", "shape": [1000], "at": 0},
        {"!": "nothing known"},
        {"no": "tag"},
        {"!": "tuple"},
    ],
)
def test_a_garbled_or_hostile_message_is_bad_input_and_makes_nothing(header: object) -> None:
    with pytest.raises(BadInput):
        wire.read(io.BytesIO(message(header)))


def test_an_error_of_an_unknown_class_is_an_engine_failure() -> None:
    found = wire.read(io.BytesIO(message({"!": "error", "class": "os", "code": "c", "sentence": "s", "hint": ""})))
    assert type(found) is EngineFailed


def test_an_impossible_length_is_noticed_before_it_is_awaited() -> None:
    with pytest.raises(BadInput):
        wire.read(io.BytesIO(wire.PREFIX.pack(2**31, 0)))


@pytest.mark.parametrize("kept", [0, 1, HEADER - 1, HEADER, HEADER + 1])
def test_a_stream_that_breaks_off_ends(kept: int) -> None:
    with pytest.raises(EOFError):
        wire.read(io.BytesIO(wire.pack("words")[:kept]))


def test_a_reply_that_cannot_cross_is_answered_with_an_error() -> None:
    refused = wire.refusal(Reply(4, "result", object()), TypeError("object may not cross between processes"))
    found = crossed(refused)
    assert isinstance(found, Reply)
    assert (found.id, found.kind, found.value.code) == (4, "error", "engine.failed")
