"""What is installed: nothing that silently weakens Vesper, and no licence that would bind it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distribution, distributions
from importlib.util import find_spec

import pytest
from packaging.requirements import Requirement

from installer.environment import LOCKS
from tests.structure.source import ROOT

# distribution -> why its licence is no trouble, or what it is where the metadata says nothing
CLEARED: dict[str, str] = {
    "pyside6-essentials": "LGPL-3.0, dynamically linked, replaceable; only LGPL modules are in Essentials",
    "shiboken6": "LGPL-3.0, as above",
    "soxr": "LGPL-2.1-or-later, dynamically linked, replaceable",
    "sqlcipher3": "zlib (its source says so; the metadata does not) with SQLCipher's BSD notice",
}
_COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public|\bLGPL|Lesser General Public", re.IGNORECASE)

_DRIFT = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(["drift", "-platform", "offscreen"])
label = QLabel()
before = sys.getrefcount(None)
for _ in range(200):
    label.setText("same")
print((sys.getrefcount(None) - before) / 200)
"""


def runtime_distributions() -> dict[str, Distribution]:
    """Everything Vesper's own requirements lead to in this environment, by normalised name."""
    found: dict[str, Distribution] = {}
    queue = ["vesper"]
    while queue:
        name = normalised(queue.pop())
        if name in found:
            continue
        found[name] = distribution(name)
        for text in found[name].requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                queue.append(requirement.name)
    return found


def licence_of(dist: Distribution) -> str:
    """What the metadata says: expression, classifiers, or the first line of the licence field."""
    data = dist.metadata
    classifiers = [value for key, value in data.items() if key == "Classifier" and value.startswith("License ::")]
    return "; ".join(filter(None, [data.get("License-Expression", ""), *classifiers, data.get("License", "")[:80]]))


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_dependency_binds_vesper_by_its_licence() -> None:
    bound = {n: licence_of(d) for n, d in runtime_distributions().items() if _COPYLEFT.search(licence_of(d))}
    assert {name: licence for name, licence in bound.items() if name not in CLEARED} == {}


def test_every_dependency_names_its_licence() -> None:
    silent = [n for n, d in runtime_distributions().items() if not licence_of(d) and n not in CLEARED]
    assert silent == []


def test_every_clearance_is_still_needed() -> None:
    found = runtime_distributions()
    unclear = {n for n, d in found.items() if not licence_of(d) or _COPYLEFT.search(licence_of(d))}
    assert CLEARED.keys() - unclear == set(), "take these off the list"


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    entries = re.findall(r"^([\w.-]+)==([^ ;]+)", "".join(f.read_text() for f in LOCKS.values()), re.MULTILINE)
    lacking = [
        text
        for text in asked
        for wanted in [Requirement(text)]
        if not any(normalised(wanted.name) == name and wanted.specifier.contains(version) for name, version in entries)
    ]
    assert lacking == [], "run python3 installer/lock.py"


def test_no_keyring_that_writes_secrets_in_the_clear() -> None:
    installed = {normalised(d.metadata["Name"]) for d in distributions()}
    assert "keyrings-alt" not in installed
    assert find_spec("keyrings") is None or find_spec("keyrings.alt") is None


def test_exactly_one_distribution_brings_cv2() -> None:
    owners = {d.metadata["Name"] for d in distributions() if normalised(d.metadata["Name"]).startswith("opencv")}
    assert owners == {"opencv-python-headless"}


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from 3.12 on")
def test_qt_keeps_the_count_of_none() -> None:
    """PySide6 6.12.0 loses one reference of None with every void call on 3.11, and the process dies of it."""
    done = subprocess.run([sys.executable, "-c", _DRIFT], capture_output=True, text=True, timeout=60, check=True)
    assert float(done.stdout) > -0.3
