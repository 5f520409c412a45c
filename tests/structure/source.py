"""The repository's Python files, parsed once."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core" / "vesper"
DESKTOP = ROOT / "desktop" / "vesper_desktop"
INSTALLER = ROOT / "installer"
TESTS = ROOT / "tests"
PRODUCT = (CORE, DESKTOP, INSTALLER)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Named:
    """A function with the name it is known by: "core/vesper/base/bus.py::EventBus.publish"."""

    name: str
    node: Function
    is_method: bool


def files(*roots: Path) -> list[Path]:
    """Every Python file under these folders, in order."""
    return sorted(path for root in roots for path in root.rglob("*.py"))


def short(path: Path) -> str:
    """The path as the repository names it."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[Named]:
    """Every function and method of the file, nested ones included."""
    yield from _functions(tree(path), short(path) + "::", is_class=False)


def imported_modules(path: Path) -> set[str]:
    """Every module a file names in an import, wherever: "from a.b import c" gives a.b and a.b.c."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def module_name(path: Path) -> str:
    """ "vesper.base.bus" for core/vesper/base/bus.py; a package for its __init__."""
    parts = path.relative_to(CORE.parent if path.is_relative_to(CORE) else DESKTOP.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def body_lines(node: Function) -> int:
    """How long a function is: from its `def` to its end, its docstring left out."""
    assert node.end_lineno is not None
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def _functions(node: ast.AST, prefix: str, *, is_class: bool) -> Iterator[Named]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield Named(prefix + child.name, child, is_class)
            yield from _functions(child, f"{prefix}{child.name}.", is_class=False)
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.", is_class=True)
        else:
            yield from _functions(child, prefix, is_class=is_class)
