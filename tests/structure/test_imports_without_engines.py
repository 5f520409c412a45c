"""Every module of the core imports with Qt and all engine packages absent."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

from tests.structure.source import CORE, ROOT, files, module_name

_PROBE = """
import importlib, json, sys
blocked, modules = json.loads(sys.stdin.read())
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ModuleNotFoundError(f"{name} is blocked", name=name)
sys.meta_path.insert(0, Absent())
failed = {}
for name in modules:
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = f"{type(error).__name__}: {error}"
print(json.dumps(failed))
"""


def engine_packages() -> list[str]:
    """The packages ruff bans at module level, and Qt."""
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    return [*ruff["flake8-tidy-imports"]["banned-module-level-imports"], "PySide6", "qasync"]


def core_modules() -> list[str]:
    """Every module but the engines, the program's start, and Alembic's environment (which Alembic alone runs)."""
    names = [module_name(path) for path in files(CORE)]
    left_out = ("vesper.engines.", "vesper.__main__", "vesper.storage.migrations")
    return [name for name in names if not name.startswith(left_out)]


def test_the_core_imports_without_any_engine_package() -> None:
    given = json.dumps([engine_packages(), core_modules()])
    done = subprocess.run(
        [sys.executable, "-c", _PROBE], input=given, capture_output=True, text=True, timeout=100, check=True
    )
    assert json.loads(done.stdout) == {}


def test_the_probe_would_notice() -> None:
    given = json.dumps([["tomlkit"], ["vesper.base.settings_file"]])
    done = subprocess.run(
        [sys.executable, "-c", _PROBE], input=given, capture_output=True, text=True, timeout=100, check=True
    )
    assert "tomlkit is blocked" in done.stdout
