"""The limits on files and functions. An exception is listed with its reason, and the lists only shrink."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

from tests.structure.source import CORE, PRODUCT, TESTS, Named, body_lines, files, functions, short

FILE_LINES = 400
TEST_FILE_LINES = 500
SPECIAL_FILES = {"core/vesper/voice/conversation.py": 250}
FUNCTION_LINES = 50
ARGUMENTS = 6
POSITIONAL = 3

# name -> why it may be longer or take more than the limits say
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {
    "core/vesper/storage/migrations/versions/0001_first_tables.py::upgrade": "a migration is one list, in order",
}
MANY_ARGUMENTS: dict[str, str] = {
    "core/vesper/engines/stt_pocketsphinx/decoder.py::Decoder.create_fsg": "pocketsphinx's own signature",
    "core/vesper/engines/audio_sounddevice/microphone.py::SoundMicrophone.take": "PortAudio calls it by position",
    "core/vesper/engines/audio_sounddevice/speaker.py::SoundSpeaker.fill": "PortAudio calls it by position",
}


def limit_of(path: Path) -> int:
    """How many lines this file may have."""
    return SPECIAL_FILES.get(short(path), TEST_FILE_LINES if path.is_relative_to(TESTS) else FILE_LINES)


def too_long_files() -> dict[str, int]:
    """Files over their limit with their lines."""
    counted = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*PRODUCT, TESTS)}
    return {short(path): lines for path, lines in counted.items() if lines > limit_of(path)}


def product_functions() -> list[Named]:
    """Every function of the product."""
    return [function for path in files(*PRODUCT) for function in functions(path)]


def has_too_many_arguments(function: Named) -> bool:
    """More than six in all, or more than three that may be given by position; click gives a command's by name."""
    if any("click." in ast.unparse(decorator) for decorator in function.node.decorator_list):
        return False
    arguments = function.node.args
    positional = len(arguments.posonlyargs) + len(arguments.args) - (1 if _has_self(function) else 0)
    return positional > POSITIONAL or positional + len(arguments.kwonlyargs) > ARGUMENTS


def test_files_keep_to_their_limit() -> None:
    assert {k: v for k, v in too_long_files().items() if k not in LONG_FILES} == {}


def test_functions_keep_to_their_limit() -> None:
    long = {f.name: body_lines(f.node) for f in product_functions() if body_lines(f.node) > FUNCTION_LINES}
    assert {k: v for k, v in long.items() if k not in LONG_FUNCTIONS} == {}


def test_functions_take_few_arguments_and_name_those_from_the_fourth_on() -> None:
    many = sorted(f.name for f in product_functions() if has_too_many_arguments(f))
    assert [name for name in many if name not in MANY_ARGUMENTS] == []


def test_half_of_all_functions_are_short() -> None:
    assert statistics.median(body_lines(f.node) for path in files(CORE) for f in functions(path)) < 10


def test_every_exception_is_still_needed() -> None:
    found = {f.name: f for f in product_functions()}
    over = {name for name, f in found.items() if body_lines(f.node) > FUNCTION_LINES}
    many = {name for name, f in found.items() if has_too_many_arguments(f)}
    assert LONG_FILES.keys() - too_long_files().keys() == set(), "take these off the list"
    assert LONG_FUNCTIONS.keys() - over == set(), "take these off the list"
    assert MANY_ARGUMENTS.keys() - many == set(), "take these off the list"


def _has_self(function: Named) -> bool:
    decorators = {getattr(node, "id", "") for node in function.node.decorator_list}
    return function.is_method and "staticmethod" not in decorators
