"""The log file: one handler however often it is asked for, and Vesper goes on where it cannot be written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from vesper.base.logs import start_log


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, root.handlers, level = root.handlers, [], root.level  # pytest has a log file of its own there
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("vesper").setLevel(logging.NOTSET)


def entries(folder: Path) -> list[str]:
    return (folder / "vesper.log").read_text().splitlines()


def test_an_entry_is_one_line_with_its_place_and_asked_for_twice_is_written_once(tmp_path: Path) -> None:
    start_log(tmp_path / "logs")
    start_log(tmp_path / "logs")
    logging.getLogger("vesper.test").info("ready after %d ms", 12)
    [entry] = entries(tmp_path / "logs")
    assert entry.endswith("INFO    vesper.test: ready after 12 ms")


def test_details_are_kept_only_when_debugging(tmp_path: Path) -> None:
    start_log(tmp_path)
    logging.getLogger("vesper.test").debug("a detail")
    assert entries(tmp_path) == []
    start_log(tmp_path, debug=True)
    logging.getLogger("vesper.test").debug("a detail")
    assert len(entries(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in the way")
    start_log(tmp_path / "logs")
    assert not any(isinstance(handler, logging.FileHandler) for handler in logging.getLogger().handlers)
