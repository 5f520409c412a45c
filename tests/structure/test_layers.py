"""The layer contracts are complete, and each one breaks when it is violated."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.structure.source import CORE, DESKTOP, ROOT

_ALLOWED_TO_ENGINES = {"base", "ports", "worker", "engines", "bundled"}
_ABOVE_ENGINES = {
    "groundwork",
    "ready_made",
    "single_command",
    "__main__",
    "cli",
    "evaluation",
    "assembly",
    "stage_checks",
}

# a file that breaks one contract -> its lines
VIOLATIONS = {
    "core/vesper/stray/__init__.py": "",
    "core/vesper/base/from_above.py": "import vesper.audio\nimport PySide6\nimport vesper.base.and_back\n",
    "core/vesper/base/and_back.py": "import vesper.base.from_above\n",
    "core/vesper/engines/one.py": "import vesper.audio\n",
    "core/vesper/engines/other.py": "import vesper.engines.one\n",
    "core/vesper/cli/direct.py": "import vesper.engines.one\n",
    "core/vesper/skills/builtin/one.py": "",
    "core/vesper/skills/builtin/other.py": "import vesper.skills.builtin.one\n",
    "desktop/vesper_desktop/stray.py": "",
    "desktop/vesper_desktop/view_state/painting.py": "import PySide6\n",
    "desktop/vesper_desktop/theme_loop.py": "import asyncio\n",
}


def contracts() -> configparser.ConfigParser:
    """The contracts as import-linter reads them."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def test_engines_are_kept_from_every_package_but_ports_worker_and_base() -> None:
    forbidden = contracts()["importlinter:contract:engines-stand-on-ports"]["forbidden_modules"].split()
    packages = {path.stem for path in CORE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    wanted = packages - _ALLOWED_TO_ENGINES - _ABOVE_ENGINES - {"__init__"}
    assert {name.removeprefix("vesper.") for name in forbidden} >= wanted


def test_every_contract_breaks_when_it_is_violated(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    for source in (CORE, DESKTOP):
        shutil.copytree(source, tmp_path / source.relative_to(ROOT), ignore=ignored)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for name, lines in VIOLATIONS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(lines)
    told = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=f"{tmp_path / 'core'}{os.pathsep}{tmp_path / 'desktop'}"),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    ).stdout
    count = len([name for name in contracts().sections() if ":contract:" in name])
    assert len(re.findall(r" BROKEN\b", told, re.MULTILINE)) == count, told
