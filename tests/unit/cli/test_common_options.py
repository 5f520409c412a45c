"""The common options may stand anywhere, as people write them."""

from __future__ import annotations

import pytest

from vesper.cli.common_options import home_in, in_order


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("ask hello", "ask hello"),
        ("ask hello --home here", "--home here ask hello"),
        ("ask --home=here hello --debug", "--home=here --debug ask hello"),
        ("--json ask hello", "ask hello --json"),
        ("settings --json get voice.rate", "settings get voice.rate --json"),
        ("--talk --json", "--talk --json"),
        ("ask -- --json --home", "ask -- --json --home"),
        ("--json ask -- --home", "ask --json -- --home"),
        ("ask hello --home", "--home ask hello"),
    ],
)
def test_words_are_put_in_order(written: str, meant: str) -> None:
    assert in_order(written.split()) == meant.split()


@pytest.mark.parametrize(
    ("words", "home"),
    [("--home here ask", "here"), ("--debug --home=here ask", "here"), ("ask --home", None), ("", None)],
)
def test_the_home_is_found(words: str, home: str | None) -> None:
    assert home_in(words.split()) == home
