"""The environment in `.venv`: made once, filled from the hashed lock, skipped while nothing changed.

uv does the work; it lies in a small environment of its own (`.uv`), brought by pip with a pinned hash. Nothing
unhashed is fetched: what builds Vesper and the two source packages is in the lock too, and is installed first.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterable, List, Optional, Sequence

from installer import interpreters
from installer.console import Console, Failed

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
UV_HOME = ROOT / ".uv"
HERE = ROOT / "installer"
UV_PIN = HERE / "uv.txt"
LOCKS = {
    "build": HERE / "requirements-build.lock",
    "run": HERE / "requirements.lock",
    "test": HERE / "requirements-test.lock",
}
SOURCE_ONLY = ("srt", "forbiddenfruit")  # pure Python without wheels, of vosk and of the tests' loop watch
_STAMP = VENV / "vesper-stamp"
_GRAPH_STAMP = VENV / "vesper-graph-stamp"
_NETWORK_HINT = "Check the network and run the same command again; what is already there is kept."


def program(name: str, home: Path = VENV) -> Path:
    """The path of a program in an environment."""
    return home / "Scripts" / (name + ".exe") if sys.platform == "win32" else home / "bin" / name


def become(command: Sequence[str]) -> int:
    """Replace this process by the program; on Windows, which cannot, wait for it and return its exit code."""
    if sys.platform == "win32":
        return subprocess.call(list(command))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], list(command))


def digest(files: Iterable[Path], *words: str) -> str:
    """A hash over the contents of files, in order, and some words."""
    total = hashlib.sha256(" ".join(words).encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def python_version(home: Path = VENV) -> Optional[str]:
    """The Python an environment was made with ("3.11.7"), or None when there is none that works."""
    try:
        lines = (home / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    if not program("python", home).exists():
        return None
    pairs = dict(tuple(part.strip() for part in line.split("=", 1)) for line in lines if "=" in line)
    return pairs.get("version_info") or pairs.get("version")


def levels(with_tests: bool, before: str) -> List[str]:
    """Which locks are to be installed: tests once brought stay, so that `run` and `test` can alternate."""
    return ["build", "run"] + (["test"] if with_tests or "test" in before.partition(":")[0] else [])


def is_current(with_tests: bool) -> bool:
    """Whether `.venv` is what the lock says: made from these very files, with the Python it has, in this place."""
    before = _read(_STAMP)
    return bool(before) and before == _stamp(levels(with_tests, before))


def prepare(console: Console, with_tests: bool) -> None:
    """Make `.venv` what the lock says, unless it is. Raises Failed."""
    if is_current(with_tests):
        return
    wanted = levels(with_tests, _read(_STAMP))
    uv = ensure_uv(console)
    _make_venv(console, uv)
    target = ["--python", str(program("python"))]
    files = [str(LOCKS[level]) for level in wanted]
    console.step(
        "What builds Vesper",
        [uv, "pip", "install", *target, "--require-hashes", "--no-deps", "-r", files[0]],
        hint=_NETWORK_HINT,
    )
    from_source = [word for name in SOURCE_ONLY for word in ("--no-binary", name)]
    sync = [
        uv,
        "pip",
        "sync",
        *target,
        "--require-hashes",
        "--only-binary",
        ":all:",
        *from_source,
        "--no-build-isolation",
        "--compile-bytecode",
        *files,
    ]
    console.step("Everything Vesper is made of (about 1 GB)", sync, hint=_NETWORK_HINT)
    console.step(
        "Vesper itself", [uv, "pip", "install", *target, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    )
    # Otherwise the first start would compile everything, take seconds longer and let the window stall meanwhile.
    sources = [str(ROOT / "core"), str(ROOT / "desktop")]
    console.step("Vesper, ready to start quickly", [str(program("python")), "-m", "compileall", "-q", *sources])
    _STAMP.write_text(_stamp(wanted), encoding="utf-8")


def build_graph(console: Console) -> None:
    """Build what the recogniser expects, from all sentences, unless it was built from these very files."""
    core = ROOT / "core/vesper"
    sources = [core / "ready_made.py", *sorted((ROOT / "resources/languages").rglob("*.yaml"))]
    for package in ("understanding", "engines/stt_pocketsphinx"):
        sources += sorted((core / package).rglob("*.py"))
    graphs = ROOT / "resources/graphs"
    wanted = digest(sources)
    if _read(_GRAPH_STAMP) == wanted and graphs.is_dir() and any(graphs.iterdir()):
        return
    console.step("The sentences Vesper understands", [str(program("python")), "-m", "vesper.ready_made"])
    _GRAPH_STAMP.write_text(wanted, encoding="utf-8")


def _stamp(wanted: Sequence[str]) -> str:
    files = [ROOT / "pyproject.toml", *(LOCKS[level] for level in wanted)]
    return "+".join(wanted) + ":" + digest(files, str(python_version()), str(ROOT))


def ensure_uv(console: Console) -> str:
    """The pinned uv; brought when it is not there."""
    stamp = UV_HOME / "vesper-stamp"
    if _read(stamp) != digest([UV_PIN]) or not program("uv", UV_HOME).exists():
        _check_venv_module()
        hint = "See the lines above; on Debian and Ubuntu, python3-venv must be installed."
        console.step("A place for the installer", [sys.executable, "-m", "venv", "--clear", str(UV_HOME)], hint=hint)
        pip = [str(program("python", UV_HOME)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        exactly = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(UV_PIN)]
        console.step("The installer (uv)", [*pip, *exactly], hint=_NETWORK_HINT)
        stamp.write_text(digest([UV_PIN]), encoding="utf-8")
    return str(program("uv", UV_HOME))


def _check_venv_module() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Failed(
            "This Python cannot make environments: its modules venv and ensurepip are missing.",
            "On Debian and Ubuntu: sudo apt-get install python3-venv",
            3,
        ) from None


def _make_venv(console: Console, uv: str) -> None:
    version = python_version()
    if version and interpreters.fits(tuple(int(part) for part in version.split(".")[:2])):  # type: ignore[arg-type]
        return
    chosen = interpreters.found()
    title = "An environment with " + (chosen or "a Python that uv fetches")
    console.step(
        title,
        [uv, "venv", "--clear", "--python", chosen or "{}.{}".format(*interpreters.NEWEST), str(VENV)],
        hint="Install Python 3.11, 3.12 or 3.13 and run the same command again.",
    )


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
