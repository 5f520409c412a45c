"""Whatever crosses between processes arrives unchanged, and no bytes do more than fail."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vesper.base.errors import BadInput
from vesper.worker import wire

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=5)
    ),
    max_leaves=30,
)


def crossed(value: object) -> object:
    return wire.read(io.BytesIO(wire.pack(value)))


@given(VALUES)
@settings(deadline=None)
def test_plain_values_cross_unchanged(value: object) -> None:
    assert crossed(value) == value


@given(st.lists(st.floats(width=32, allow_nan=False), max_size=50), st.integers(0, 3))
def test_arrays_cross_unchanged_among_other_values(numbers: list[float], others: int) -> None:
    array = np.array(numbers, np.float32)
    found = crossed([b"before"] * others + [array, "behind"])
    assert isinstance(found, list)
    assert np.array_equal(found[others], array)
    assert found[others].dtype == np.float32


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_garbage_is_bad_input_or_a_plain_value_and_nothing_else(header: bytes, payload: bytes) -> None:
    try:
        wire.unpack(header, payload)
    except BadInput:
        return


@given(VALUES, st.integers(0, 10_000), st.integers(0, 255))
@settings(deadline=None)
def test_a_flipped_byte_never_does_more_than_fail(value: object, place: int, byte: int) -> None:
    message = bytearray(wire.pack(value))
    message[place % len(message)] = byte
    try:
        wire.read(io.BytesIO(bytes(message)))
    except (BadInput, EOFError):
        return
