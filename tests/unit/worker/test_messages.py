"""What a proxy reads from a class: its calls, streams, posts and properties."""

from __future__ import annotations

import pytest

from tests.support.toy_engine import ToyEngine, ToyStream
from vesper.worker.messages import load_class, shape_of


def test_the_shape_of_an_engine_is_read_from_its_class() -> None:
    shape = shape_of(ToyEngine)
    assert {"open", "close", "load", "echo", "start"} <= shape.calls
    assert shape.streams == {"count", "slow_items"}
    assert shape.properties == {"info"}
    assert shape.sticky == ("load",)
    assert shape.deadlines["hang"] == 0.2


def test_one_way_methods_are_posts_and_private_ones_are_nothing() -> None:
    shape = shape_of(ToyStream)
    assert shape.posts == {"feed"}
    assert shape.calls == {"counted"}


def test_a_class_is_found_by_module_and_name() -> None:
    assert load_class("tests.support.toy_engine:ToyEngine") is ToyEngine
    with pytest.raises(AttributeError):
        load_class("tests.support.toy_engine:Nothing")
