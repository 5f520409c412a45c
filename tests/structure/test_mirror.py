"""Unit tests lie where their source lies, and no source with logic is without a test that names it."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.structure.source import CORE, DESKTOP, INSTALLER, TESTS, files, imported_modules, module_name, short, tree

UNIT = TESTS / "unit"
# tests/unit/<first folder> -> where its sources lie; everything else mirrors core/vesper
OTHER_ROOTS = {"installer": INSTALLER, "support": TESTS / "support", "desktop": DESKTOP}

# source -> which test runs it without importing it
RUN_NOT_IMPORTED: dict[str, str] = {
    "core/vesper/__main__.py": "tests/end_to_end start `python -m vesper`",
    "core/vesper/cli/listen.py": "tests/end_to_end/test_command_line.py types its word",
    "core/vesper/cli/main.py": "tests/end_to_end/test_command_line.py types its word",
    "core/vesper/cli/serving.py": "tests/end_to_end/test_command_line.py types its word",
    "core/vesper/cli/settings.py": "tests/end_to_end/test_command_line.py types its word",
    "core/vesper/cli/ask.py": "tests/end_to_end/test_command_line.py types its word",
    "core/vesper/cli/checks.py": "tests/end_to_end/test_command_line.py types its words",
    "core/vesper/cli/say.py": "tests/end_to_end/test_command_line.py types its words",
    "core/vesper/groundwork.py": "tests/end_to_end/test_single_command.py stands on it",
    "core/vesper/worker/child.py": "the contract tests of engines that run in a child start it",
    "core/vesper/storage/migrations/env.py": "Alembic runs it in every test that opens a database",
    "core/vesper/storage/migrations/versions/0001_first_tables.py": "Alembic runs it likewise",
}


def sources_of(test: Path) -> list[Path]:
    """The source files (or packages) a unit test may be about: test_x.py and test_x_aspect.py are about x."""
    parts = test.relative_to(UNIT).parts
    root = OTHER_ROOTS.get(parts[0], CORE)
    folder = root.joinpath(*(parts[1:-1] if parts[0] in OTHER_ROOTS else parts[:-1]))
    words = test.stem.removeprefix("test_").split("_")
    stems = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    found = [p for stem in stems for p in (folder / f"{stem}.py", folder / stem) if p.exists()]
    return found or ([folder] if folder not in (root, CORE) and folder.is_dir() else [])


def has_logic(path: Path) -> bool:
    """Whether a file does anything: a function whose body is more than a docstring and an ellipsis."""
    bodies = [node.body for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(not isinstance(line, ast.Expr | ast.Pass) for body in bodies for line in body)


def named_in_tests() -> set[str]:
    """Every module that some test, or what tests share, imports by name; and engines through their contracts."""
    return {name for path in files(TESTS) for name in imported_modules(path)} | _engines_under_contract()


def test_every_unit_test_has_its_source() -> None:
    assert [short(test) for test in UNIT.rglob("test_*.py") if not sources_of(test)] == []


def test_every_source_with_logic_is_named_by_a_test() -> None:
    named = named_in_tests()
    untested = [
        short(path)
        for path in files(CORE)
        if has_logic(path) and short(path) not in RUN_NOT_IMPORTED and not _is_named(module_name(path), named)
    ]
    assert untested == []


def test_the_exceptions_are_still_there() -> None:
    assert [name for name in RUN_NOT_IMPORTED if not (CORE.parents[1] / name).exists()] == []


def _is_named(module: str, named: set[str]) -> bool:
    return module in named or any(name.startswith(module + ".") for name in named)


def _engines_under_contract() -> set[str]:
    """The modules of engines whose role has a contract test, with the files they are made of."""
    from vesper.engines import ENGINES

    tested = {spec.target.partition(":")[0] for spec in ENGINES if _has_contract(spec.role)}
    packages = tuple((name if _is_package(name) else name.rpartition(".")[0]) + "." for name in tested)
    packages = tuple(package for package in packages if package != "vesper.engines.")
    return tested | {
        module_name(p) for p in files(CORE / "engines") if packages and module_name(p).startswith(packages)
    }


def _is_package(module: str) -> bool:
    return CORE.parent.joinpath(*module.split(".")).is_dir()


def _has_contract(role: str) -> bool:
    texts = (path.read_text(encoding="utf-8") for path in (TESTS / "contract").glob("test_*.py"))
    return any(f'"{role}"' in text for text in texts)
