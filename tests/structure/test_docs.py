"""The documentation is whole: every setting, event, intent and command, every package, every dependency."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.structure.generated_docs import DOCS, PAGES
from tests.structure.source import CORE, DESKTOP, ROOT


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_in_step(name: str) -> None:
    hint = "run .venv/bin/python -m tests.structure.generated_docs"
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), hint


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [text for extra in project["project"]["optional-dependencies"].values() for text in extra]
    wanted = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["test"]]
    named = {Requirement(text).name for text in [*wanted, *project["build-system"]["requires"]]}
    page = (DOCS / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE))
    assert named == listed


def test_every_package_is_in_the_architecture() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    packages = [p.name for p in (*CORE.iterdir(), *DESKTOP.iterdir()) if (p / "__init__.py").exists()]
    assert [name for name in packages if f"`{name}`" not in page and f"`{name}/" not in page] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken: list[str] = []
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
